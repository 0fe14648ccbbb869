/** The `code` of a system error (`ENOENT`), else the error's class name. Never throws. */
export function errorCode(error: unknown): string {
  try {
    const { code, name } = Object(error) as { code?: unknown; name?: unknown };
    if (typeof code === 'string') return code;
    if (typeof name === 'string') return name;
  } catch {
    // a getter that throws
  }
  return 'UNKNOWN';
}

/** The message of whatever was thrown. Never throws. */
export function errorMessage(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'a value that can not be printed was thrown';
  }
}
