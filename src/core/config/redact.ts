const SECRET_NAME =
  /pass(?:word|wd|phrase)s?$|(?:^|[-_.])pass$|secret|token|credential|cookie|authorization|^auth$|(?:^|[-_.])key$|apikey|accesskey|privatekey/i;
const REDACTED = '[redacted]';

/** A copy in which what stands under a name like token, password or key is replaced, in objects and in argument lists alike. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value))
    return value.every((item) => typeof item === 'string') ? redactArgv(value) : value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isSecret(key) ? redactAll(item) : redact(item)]),
  );
}

/** `--token=x`, `TOKEN=x` and `--token x`. */
export function redactArgv(argv: readonly string[]): string[] {
  return argv.map((argument, i) => {
    const before = argv[i - 1];
    if (before !== undefined && /^-/.test(before) && !before.includes('=') && isSecret(before.replace(/^-+/, '')))
      return REDACTED;
    const [, name, assigned] = /^(-{0,2}[A-Za-z_][\w.-]*)=(.*)$/s.exec(argument) ?? [];
    return name !== undefined && assigned !== '' && isSecret(name.replace(/^-+/, ''))
      ? `${name}=${REDACTED}`
      : redactText(argument);
  });
}

/** The user information of a URL. */
const redactText = (text: string): string => text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s]+@/gi, `$1${REDACTED}@`);

const isSecret = (name: string): boolean => SECRET_NAME.test(name);

/** Every value below a secret's name; null and booleans tell nothing. */
function redactAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactAll);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactAll(item)]));
  return value === null || typeof value === 'boolean' ? value : REDACTED;
}
