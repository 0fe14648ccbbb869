/** Control characters, surrogates without a partner, and what is not to be seen: marks of direction, of joining, of lines. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from elsewhere (a plugin, a target, a file, a path) as a terminal or a page may show it: what would act there, or hide, is spelled out, but for line feeds. */
export function sanitize(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const hex = character.codePointAt(0)!.toString(16);
    return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.length <= 4 ? hex.padStart(4, '0') : `{${hex}}`}`;
  });
}
