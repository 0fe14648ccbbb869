/** A JSON string in ASCII: a line's length in characters is its length in bytes, and no terminal escape survives. */
export function asciiJson(text: string): string {
  return escapeNonAscii(JSON.stringify(text));
}

/** Escapes what is not printable ASCII in text that is JSON already. */
export function escapeNonAscii(json: string): string {
  return json.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
