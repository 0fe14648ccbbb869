import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMultistatus } from '../../../src/destinations/webdav/multistatus.js';

const FILE = { href: '/dav/a%20b.log', isCollection: false, bytes: 5 };
const FOLDER = { href: '/dav/', isCollection: true, bytes: null };

test.each([
  [
    'nginx',
    `<?xml version="1.0" encoding="utf-8" ?>
<D:multistatus xmlns:D="DAV:">
<D:response><D:href>/dav/</D:href><D:propstat><D:prop>
<D:resourcetype><D:collection/></D:resourcetype>
</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>
<D:response><D:href>/dav/a%20b.log</D:href><D:propstat><D:prop>
<D:getcontentlength>5</D:getcontentlength><D:resourcetype></D:resourcetype>
</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>
</D:multistatus>
`,
  ],
  [
    'Apache: several prefixes of one namespace, a property it does not have',
    `<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:" xmlns:ns0="DAV:">
<D:response xmlns:lp1="DAV:" xmlns:lp2="http://apache.org/dav/props/"><D:href>/dav/</D:href>
<D:propstat><D:prop><lp1:resourcetype><D:collection/></lp1:resourcetype></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>
<D:propstat><D:prop><g0:getcontentlength xmlns:g0="DAV:"/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>
</D:response>
<D:response xmlns:lp1="DAV:"><D:href>/dav/a%20b.log</D:href>
<D:propstat><D:prop><lp1:resourcetype/><lp1:getcontentlength>5</lp1:getcontentlength></D:prop></D:propstat></D:response>
</D:multistatus>`,
  ],
  [
    'no prefix, CDATA, references, comments, another namespace inside',
    `\ufeff<multistatus xmlns='DAV:'><!-- <response/> --><response><href><![CDATA[/dav/]]></href><propstat><prop>
<resourcetype><collection/><x xmlns="urn:y"><collection/></x></resourcetype></prop></propstat></response><response>
<href>
  /dav/a&#37;2&#x30;b.log </href><propstat><prop><resourcetype><collection xmlns="urn:y"/></resourcetype><getcontentlength
  > 5 </getcontentlength><lockdiscovery><activelock><lockroot><href>/elsewhere</href></lockroot></activelock></lockdiscovery>
</prop></propstat></response></multistatus>`,
  ],
])('is read as it comes from %s', (_, text) => {
  expect(parseMultistatus(text)).toEqual([FOLDER, FILE]);
});

test.each([
  ['', 0],
  ['<multistatus xmlns="DAV:"/>', 0],
])('%j tells of nothing', (text, count) => {
  expect(parseMultistatus(text)).toHaveLength(count);
});

test.each([
  ['a page', '<html><body>Hello</body></html>', /<\{\}html> is no multistatus/],
  ['another namespace', '<multistatus xmlns="urn:x"/>', /no multistatus/],
  ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><multistatus xmlns="DAV:"/>', /no XML at character 0/],
  ['an entity', '<multistatus xmlns="DAV:">&a;</multistatus>', /&a; stands for nothing/],
  ['an inherited name', '<multistatus xmlns="DAV:">&constructor;</multistatus>', /stands for nothing/],
  ['half of it', '<D:multistatus xmlns:D="DAV:"><D:response>', /is not closed/],
  ['what is crossed', '<a><b></a></b>', /is no multistatus|<\/a> where b is open/],
  ['a prefix of nothing', '<D:multistatus/>', /prefix .* is not declared/],
  ['text', 'hello', /text outside/],
])('%s is refused', (_, text, message) => {
  expect(() => parseMultistatus(text)).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
  expect(() => parseMultistatus(text)).toThrow(message);
});

test('whatever the text is, it is read or refused, and soon', () => {
  const part = fc.constantFrom(
    ...['<', '>', '/', '!--', '-->', '<![CDATA[', ']]>', '<?', '?>', '&amp;', '&', 'xmlns="DAV:"', ' a="', "'"],
    ...['<multistatus xmlns="DAV:">', '</multistatus>', '<response>', '</response>', '<href>', '</href>', 'x', '\n'],
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      try {
        parseMultistatus(parts.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }),
  );
});

test('any href comes out as it went in', () => {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (href) => {
      const text = `<m:multistatus xmlns:m="DAV:"><m:response><m:href>${escaped(href)}</m:href></m:response></m:multistatus>`;
      expect(parseMultistatus(text)).toEqual([{ href: href.trim(), isCollection: false, bytes: null }]);
    }),
  );
});
