import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact } from '../../../src/core/redaction/redact.js';
import { redactArgv } from '../../../src/core/redaction/redact-argv.js';

const GONE = '[redacted]';

describe('an argument list', () => {
  test.each<[string, string[], string[]]>([
    ['--token x', ['--token', 'x', 'y'], ['--token', GONE, 'y']],
    ['--password=x', ['--password=x', 'y'], [`--password=${GONE}`, 'y']],
    ['a password with = and a line feed in it', ['--password=a=b\nc'], [`--password=${GONE}`]],
    ['API_KEY=x', ['env', 'API_KEY=x', 'prog'], ['env', `API_KEY=${GONE}`, 'prog']],
    ['a variable that begins with _', ['_TOKEN=x'], [`_TOKEN=${GONE}`]],
    ['-passwd x', ['-passwd', 'x'], ['-passwd', GONE]],
    ['--api-key x', ['--api-key', 'x'], ['--api-key', GONE]],
    ['--client-secret=x', ['--client-secret=x'], [`--client-secret=${GONE}`]],
    ['AWS_SECRET_ACCESS_KEY=x', ['AWS_SECRET_ACCESS_KEY=x'], [`AWS_SECRET_ACCESS_KEY=${GONE}`]],
    ['a URL with a user', ['curl', 'https://me:pw@host/path'], ['curl', `https://${GONE}@host/path`]],
    ['a URL with an @ in its password', ['https://me:p@ss@host/p'], [`https://${GONE}@host/p`]],
    ['a URL behind =', ['--proxy=http://me:pw@host'], [`--proxy=http://${GONE}@host`]],
    ['two URLs in one argument', ['a://u@h b://u:p@h'], [`a://${GONE}@h b://${GONE}@h`]],
  ])('%s is redacted', (_, argv, expected) => {
    expect(redactArgv(argv)).toEqual(expected);
    expect(redact({ run: argv })).toEqual({ run: expected });
  });

  test.each<[string[]]>([
    [['./server', '--port', '80', '-v']],
    [['monkey=1', '--keyboard', 'us', 'author=me', '--keys=3', '--key-file-mode', '600']],
    [['--bypass', 'x', 'compass=north', '--passes=3']],
    [
      [
        'https://host/a@b',
        'https://host:80/a@b',
        'me@host',
        'ssh',
        'host:dir/a@b',
        'file:///etc/x@y',
        'img:1@sha256:ab',
      ],
    ],
    [['--token']],
    [['token', 'x']],
    [['--token=']],
    [['a=b', '=', '--', '-', '']],
  ])('%j stays as it is', (argv) => {
    expect(redactArgv(argv)).toEqual(argv);
  });
});

describe('an object', () => {
  test.each<[string, unknown, unknown]>([
    ['a secret', { password: 'x', user: 'me' }, { password: GONE, user: 'me' }],
    ['a secret that is a number', { pin: 1, apiKey: 5 }, { pin: 1, apiKey: GONE }],
    ['secrets in depth', { a: [{ b: { auth: 'x' } }] }, { a: [{ b: { auth: GONE } }] }],
    ['variables of a command', { env: { API_TOKEN: 'x', HOME: '/' } }, { env: { API_TOKEN: GONE, HOME: '/' } }],
    ['a URL in depth', { a: { b: 'x://u:p@h' } }, { a: { b: `x://${GONE}@h` } }],
  ])('%s', (_, value, expected) => {
    expect(redact(value)).toEqual(expected);
  });

  test.each([
    ['a list of secrets', { tokens: ['s3cret', 't0psecret'] }],
    ['secrets by user', { passwords: { me: 's3cret' }, credentials: { value: 's3cret' } }],
    ['a list that is not of strings only', { token: ['s3cret', 5] }],
  ])('%s does not come through', (_, value) => {
    expect(JSON.stringify(redact(value))).not.toContain('s3cret');
  });

  test('null, booleans and what is not secret stay as they are', () => {
    const plain = { password: null, useToken: true, interval: '1s', keyboard: ['a', 1, null], hash: 'ab', n: 5 };
    expect(redact(plain)).toEqual(plain);
  });
});

test('it returns a copy: the original is not changed', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('token', 'a', 'list'), fc.jsonValue()), (value) => {
      const before = JSON.stringify(value);
      redact(value);
      return JSON.stringify(value) === before;
    }),
  );
});
