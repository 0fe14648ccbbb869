import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageUrl } from '../package-info.js';
import { escapeHtml, type Html, jsonForScript } from '../text/html.js';

export interface PageOptions {
  readonly title: string;
  readonly body: Html;
  /** What the script finds in the element `#data`, as JSON. */
  readonly data?: unknown;
  /** A script of dist/report-page: `page.js` draws charts, filters and switches between light and dark. Null for none. */
  readonly script?: string | null;
}

/**
 * A page that stands alone: one file, which opens from disk and asks no network for anything. Its policy lets only this
 * very style and this very script act, so that no text in it can, whatever it is.
 */
export function renderPage({ title, body, data = null, script = 'page.js' }: PageOptions): string {
  const style = asset('page.css');
  const code = script === null ? null : asset(script);
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="${policy(style, code)}">\n`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n',
    `<title>${escapeHtml(title)}</title>\n<style>${style}</style>\n</head>\n<body>\n${body}\n`,
    `<script type="application/json" id="data">${jsonForScript(data)}</script>\n`,
    code === null ? '' : `<script>${code}</script>\n`,
    '</body>\n</html>\n',
  ].join('');
}

function policy(style: string, code: string | null): string {
  return [
    "default-src 'none'",
    `style-src '${digest(style)}'`,
    `script-src ${code === null ? "'none'" : `'${digest(code)}'`}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

const digest = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** What the build has made of src/report-page. */
function asset(name: string): string {
  return readFileSync(packageUrl(`dist/report-page/${name}`), 'utf8');
}
