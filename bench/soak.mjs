/**
 * `node bench/soak.mjs [--duration 1h] [--collector NAME]... [--plugin FILE]`: records at 100 Hz with all collectors that
 * this machine has, beside a command that never rests, and looks at the recorder meanwhile. Prints a line a minute (ten
 * in a shorter run). Exit code 1 if something grows, or if the episode is not what it has to be; 2 for wrong usage.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { printTable } from './lib/table.mjs';
import { makeTemporaryFolder } from './lib/temporary-folder.mjs';
import { INTERVAL_MS, soakConfig } from './soak/config.mjs';
import { judgeAll, verdictRow, verdictSentence } from './soak/measures.mjs';
import { problemsOf } from './soak/outcome.mjs';
import { recordWatched } from './soak/record.mjs';

const UNIT_S = { s: 1, m: 60, h: 3600 };
/** The verdict needs 20 points, and a recorder some seconds to settle. */
const SHORTEST_S = 10;

const { durationS, ...chosen } = readArguments();
const problems = await soak().catch((error) => [error.message]);
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length === 0) process.stdout.write('nothing grows\n');
process.exit(problems.length === 0 ? 0 : 1);

async function soak() {
  const { config, leftOut } = await soakConfig({ ...chosen, duration: `${durationS}s` });
  for (const sentence of leftOut) process.stdout.write(`${sentence}\n`);
  process.stdout.write(`${Object.keys(config.collectors).join(', ')}: every ${INTERVAL_MS} ms for ${durationS} s\n`);
  const episode = await recordWatched({ folder: makeTemporaryFolder(), config, durationS });
  process.stdout.write(`the episode is ${episode.meta.grade}\n`);
  for (const reason of episode.meta.grade_reasons) process.stdout.write(`  ${reason}\n`);
  const verdicts = judgeAll(episode.points, Object.keys(config.collectors).length);
  printTable(verdicts.map(verdictRow));
  return [...(await problemsOf(episode)), ...verdicts.filter(({ isGrowing }) => isGrowing).map(verdictSentence)];
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        duration: { type: 'string', default: '1h' },
        collector: { type: 'string', multiple: true },
        plugin: { type: 'string' },
      },
    });
    return {
      durationS: parseSeconds(values.duration),
      names: values.collector,
      plugin: values.plugin && resolve(values.plugin),
    };
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

function parseSeconds(text) {
  const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
  const seconds = Number(count) * UNIT_S[unit];
  if (!(seconds >= SHORTEST_S))
    throw new Error(`--duration is "${text}"; it has to be like 2m or 1h, and at least 10s`);
  return seconds;
}
