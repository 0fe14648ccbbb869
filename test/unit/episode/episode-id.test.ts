import { expect, test } from 'vitest';
import { isEpisodeId, newEpisodeId, requireEpisodeId } from '../../../src/core/episode/episode-id.js';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

test("an id has 26 characters of Crockford's base 32", () => {
  expect(newEpisodeId()).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  expect(isEpisodeId(newEpisodeId())).toBe(true);
});

test('2,000 in a burst are unique, and sort as they were made', () => {
  const ids = Array.from({ length: 2000 }, newEpisodeId);
  expect(new Set(ids).size).toBe(2000);
  expect(ids).toEqual([...ids].sort());
});

test('a good one passes as it is', () => {
  expect(requireEpisodeId(ID)).toBe(ID);
});

test.each([
  ['nothing', ''],
  ['25 characters', ID.slice(1)],
  ['27 characters', `${ID}0`],
  ['lower case', ID.toLowerCase()],
  ['a time beyond 48 bits', `8${ID.slice(1)}`],
  ['a time far beyond', `Z${ID.slice(1)}`],
  ['a letter that Crockford left out', ID.replace('V', 'U')],
  ['an O for a zero', `O${ID.slice(1)}`],
  ['the folder above', '..'],
  ['a path', `../${ID}`],
  ['a path behind an id', `${ID}/../x`],
  ['26 characters of a path', '../../../../../../etc/passw'.slice(0, 26)],
  ['a NUL behind it', `${ID}\0`],
  ['a line feed behind it', `${ID}\n`],
  ['a space before it', ` ${ID}`],
  ['digits of another script', `${ID.slice(0, -1)}\u0661`],
])('%s is refused', (_, text) => {
  expect(isEpisodeId(text)).toBe(false);
  expect(() => requireEpisodeId(text)).toThrow(expect.objectContaining({ code: 'EPISODE_ID_INVALID', exitCode: 2 }));
});

test('the refusal shows the text with its control characters escaped, and what one looks like', () => {
  expect(() => requireEpisodeId('a\u001b[31m\n')).toThrow(
    /^"a\\u001b\[31m\\n" is no ULID; one looks like [0-7][0-9A-Z]{25}$/,
  );
});
