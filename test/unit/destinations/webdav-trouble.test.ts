import { describe, expect, test } from 'vitest';
import { refusal, told } from '../../../src/destinations/webdav/trouble.js';

const asked = { method: 'PUT', url: 'https://host:8443/dav/x', tokenHint: 'the token' };

describe('what is thrown', () => {
  test.each([
    ['ECONNRESET', 'passing', 'PUT https://host:8443/dav/x failed: text'],
    ['UND_ERR_SOCKET', 'passing', 'PUT https://host:8443/dav/x failed: text'],
    ['UND_ERR_CONNECT_TIMEOUT', 'passing', 'PUT https://host:8443/dav/x failed: text'],
    ['EAI_AGAIN', 'passing', 'PUT https://host:8443/dav/x failed: text'],
    ['ENOTFOUND', 'lasting', 'PUT https://host:8443/dav/x failed: text'],
    ['HPE_INVALID_CONSTANT', 'lasting', 'PUT https://host:8443/dav/x failed: text'],
    ['CERT_HAS_EXPIRED', 'lasting', 'the certificate of host:8443 is not trusted: text'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'lasting', 'the certificate of host:8443 is not trusted: text'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'lasting', 'the certificate of host:8443 is not trusted: text'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'lasting', 'the certificate of host:8443 is not trusted: text'],
  ])('%s is %s', (code, kind, message) => {
    const cause = Object.assign(new Error('text'), { code });
    expect(told(asked, cause)).toMatchObject({ name: 'DestinationError', kind, message, cause });
  });

  test('an error without text is told by its code', () => {
    const several = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(told(asked, several)).toMatchObject({ kind: 'passing', message: expect.stringMatching(/ECONNREFUSED$/) });
  });

  test('what is none of the network stays as it is', () => {
    const mistake = new TypeError('x is not a function');
    expect(told(asked, mistake)).toBe(mistake);
  });
});

test.each([
  [401, 'lasting', 'the token'],
  [403, 'lasting', 'the token'],
  [409, 'passing', undefined],
  [423, 'passing', undefined],
  [418, 'lasting', undefined],
  [599, 'passing', undefined],
])('an answer of %i is %s', (status, kind, hint) => {
  expect(refusal(asked, status)).toMatchObject({ kind, hint });
});

test.each([
  ['/other/', 'https://host:8443/other/'],
  ['//elsewhere/x?secret', 'https://elsewhere/x'],
  [undefined, 'a place that is not told'],
])('a redirect to %s leads to %s', (location, place) => {
  expect(refusal(asked, 302, location).message).toMatch(new RegExp(`: it leads to ${place}$`));
});
