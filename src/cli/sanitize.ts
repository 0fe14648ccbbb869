import { sanitize } from '../core/text/sanitize.js';

export { sanitize };

/** The same in one line: no text from elsewhere makes a line that looks like one of ours. */
export function oneLine(text: string): string {
  return sanitize(text).replaceAll('\n', '\\n');
}

/** A text of several lines, of which the later ones are set in: none of them can be taken for one of ours. */
export function paragraph(text: string): string {
  return text.trimEnd().replaceAll('\n', '\n    ');
}
