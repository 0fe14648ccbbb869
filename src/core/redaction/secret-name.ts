/** Wherever in a name, as in `tokens`, `client_secret_id` or `set-cookie`. */
const WITHIN = /secret|token|credential|cookie|authorization|apikey|accesskey|privatekey/;
/** As the last word of a name, or at the end of it: `db_password`, `API-KEY`, `AccountKey`, `keyHex`, `GITHUB_PAT`, but not `monkey` or `PWD`. */
const AT_END = new RegExp(
  `(?:${[
    'pass(?:word|wd|phrase|code)s?',
    'session_?id|sessid|signature|bearer',
    '(?:^|_)(?:pass(?:in|out)?|pw|auth|sig|jwt|otp)',
    '(?:^|_)key(?:_(?:hex|data|b64|base64|value|string|pem))?|[a-z]_keys',
    '_(?:pwd|pat)',
  ].join('|')})$`,
);
/** `DBPASS` and the like, but none of the words that end so. */
const GLUED_PASS = /(?<!com|by|sur|tres|over|under|low|high|band|multi|single|one|two|im)pass$/;
/** The shell's variable of its folder is in capitals; an option or a key of that name is none. */
const PWD_OPTION = /^-*pwd$/;

/** Whether what stands under this name (of an option, a variable, a header, a parameter) is a secret. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/_?\d+$/, '')
    .toLowerCase();
  return WITHIN.test(words) || AT_END.test(words) || GLUED_PASS.test(words) || PWD_OPTION.test(name);
}
