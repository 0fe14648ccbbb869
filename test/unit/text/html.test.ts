import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { renderPage } from '../../../src/core/report/page.js';
import { html, jsonForScript } from '../../../src/core/text/html.js';

const EVIL = `</script><script>"'&\u202e`;

test('what is put into a template is escaped, but for what a template has made', () => {
  const list = ['<a>', 'b'].map((item) => html`<li title="${item}">${item}</li>`);
  expect(String(html`<ul>${list}${null}${false}${undefined}${7}</ul>`)).toBe(
    '<ul><li title="&lt;a&gt;">&lt;a&gt;</li><li title="b">b</li>7</ul>',
  );
  expect(String(html`${EVIL}`)).toBe('&lt;/script&gt;&lt;script&gt;&quot;&#39;&amp;\\u202e');
});

test('data in a script element ends nothing, and is what it was', () => {
  const text = jsonForScript({ text: `${EVIL}\u2028<!--` });
  expect(text).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(text)).toEqual({ text: `${EVIL}\u2028<!--` });
});

test('a page has a policy that lets nothing act but its own style and script', () => {
  const page = renderPage({ title: EVIL, body: html`<p>${EVIL}</p>`, data: EVIL });
  const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(page)!;
  const digest = (tag: string) => {
    const [, text] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)!;
    return `'sha256-${createHash('sha256').update(text!).digest('base64')}'`;
  };
  expect(policy!.split('; ')).toEqual([
    "default-src 'none'",
    `style-src ${digest('style')}`,
    `script-src ${digest('script')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page.match(/<script/g)).toHaveLength(2);
});

test('a page without a script lets none act', () => {
  expect(renderPage({ title: 'a', body: html``, script: null })).toContain("script-src 'none'");
});
