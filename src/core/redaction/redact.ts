import { redactArgv, redactLine } from './redact-argv.js';
import { REDACTED } from './redact-text.js';
import { isSecretName } from './secret-name.js';

/** A copy in which what stands under a name like token, password or key is replaced, in objects, argument lists and texts alike. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactLine(value);
  if (Array.isArray(value)) return value.every(isScalar) ? redactList(value) : value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  const isNamed = NAMES.some((key) => isSecret((value as Record<string, unknown>)[key]));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecretName(key) || (isNamed && /^value$/i.test(key)) ? redactAll(item) : redact(item),
    ]),
  );
}

/** `{name: "password", value: "x"}`, as variables and headers are often listed. */
const NAMES = ['name', 'Name', 'key', 'Key'];
const isSecret = (name: unknown): boolean => typeof name === 'string' && isSecretName(name);
const isScalar = (item: unknown): boolean => typeof item !== 'object' || item === null;

/** An argument list, in which numbers and the like stay what they are. */
function redactList(list: readonly unknown[]): unknown[] {
  const words = list.map(String);
  const shown = redactArgv(words);
  return list.map((item, i) => (shown[i] === words[i] ? item : shown[i]));
}

/** Every value below a secret's name; null and booleans tell nothing. */
export function redactAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactAll);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactAll(item)]));
  return value === null || typeof value === 'boolean' ? value : REDACTED;
}
