import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'lossless-json';

/** Reads a document; an integer that a double would round becomes a bigint: wall times have 19 digits. */
export function parseJson(text) {
  return parse(text, undefined, (digits) => {
    const value = Number(digits);
    return Number.isSafeInteger(value) || /[.eE]/.test(digits) ? value : BigInt(digits);
  });
}

/** What is needed of an episode's folder: `{meta, labels, rowsOf}`, the rows by source. */
export function readEpisode(folder, sources) {
  const lines = (name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1).map(parseJson);
  return {
    meta: parseJson(readFileSync(join(folder, 'meta.json'), 'utf8')),
    labels: lines('labels.jsonl'),
    rowsOf: Object.fromEntries(sources.map((source) => [source, lines(`telemetry/${source}.jsonl`)])),
  };
}
