import { join } from 'node:path';
import { run } from '../lib/children.mjs';
import { cis490 } from '../lib/episode.mjs';
import { watchMemory } from '../lib/peak-memory.mjs';
import { startS3, startSshd } from '../lib/servers.mjs';
import { copyEpisode, emptied, recordShippable } from '../lib/shippable.mjs';
import { interleave, median, medianRatio } from '../lib/statistics.mjs';

const MIB = 1 << 20;
const [LARGE_BYTES, QUICK_LARGE_BYTES] = [1024 * MIB, 32 * MIB];
const [SMALL, QUICK_SMALL] = [1_000, 20];
const MEDIUM_BYTES = 32 * MIB;
const IN_FLIGHT = 16;
/** On the loopback alone both ends are but busy: what more in flight is for is the way. */
const ROUND_TRIP_MS = 20;
const [BAR_FOLDER, BAR_RSYNC, BAR_S3, BAR_MB] = [0.7, 0.8, 5, 150];

/** Shipping beside the bare tools: a large episode to a folder and by rsync, many small ones to S3, and what memory it takes. */
export async function ship({ folder, targetPid, rounds }) {
  const original = await recordShippable({ folder, targetPid });
  const place = join(folder, 'ship');
  const sshd = await startSshd(join(folder, 'sshd'));
  const [s3, farS3] = [await startS3(join(folder, 's3')), await startS3(join(folder, 'far-s3'), ROUND_TRIP_MS)];
  try {
    const large = copyEpisode(original, join(place, 'large'), rounds(LARGE_BYTES, QUICK_LARGE_BYTES));
    return [
      await toFolder({ large, place, rounds }),
      await byRsync({ large, place, rounds, sshd }),
      await toS3({ original, place, rounds, s3: farS3 }),
      ...(await memory({ original, place, rounds, s3 })),
    ];
  } finally {
    await Promise.all([sshd, s3, farS3].map((server) => server.stop()));
  }
}

/** Of a run that notes nothing: each has a folder of episodes of its own, which is empty. */
const shipArgs = (place, what, to, ...more) => [
  'ship',
  ...what,
  '--to',
  to,
  '--output',
  emptied(join(place, 'notes')),
  ...more,
];

async function toFolder({ large, place, rounds }) {
  const there = join(place, 'there');
  const { ours, bare } = await interleave(rounds(3, 1), {
    ours: () => seconds(emptied(there), () => cis490(shipArgs(place, [large], there))),
    bare: () =>
      seconds(emptied(there), () =>
        run('sh', ['-c', 'cp -a "$0" "$1" && find "$1" -type f -exec sha256sum {} +', large, there]),
      ),
  });
  return ratioRow('ship a large episode to a folder', 'cp + sha256sum', ours, bare, BAR_FOLDER);
}

async function byRsync({ large, place, rounds, sshd: { port, identity, known, ssh } }) {
  const there = join(place, 'there');
  const to = `ssh://127.0.0.1:${port}${there}`;
  const options = ['--option', `identity=${identity}`, '--option', `known_hosts=${known}`];
  const { ours, bare } = await interleave(rounds(3, 1), {
    ours: () => seconds(emptied(there), () => cis490(shipArgs(place, [large], to, ...options))),
    bare: () => seconds(emptied(there), () => run('rsync', ['-a', '-e', ssh, large, `127.0.0.1:${there}/`])),
  });
  return ratioRow('... to loopback by rsync', 'rsync -a', ours, bare, BAR_RSYNC);
}

/** How many times as fast the baseline is not. */
function ratioRow(name, baseline, ours, bare, bar) {
  const ratio = 1 / medianRatio(ours, bare);
  return {
    name,
    figure: `${median(ours).toFixed(2)} s, ${baseline} ${median(bare).toFixed(2)} s: ${ratio.toFixed(2)} x`,
    bar: `>= ${bar} x`,
    isOk: ratio >= bar,
  };
}

async function toS3({ original, place, rounds, s3 }) {
  const count = rounds(SMALL, QUICK_SMALL);
  const output = emptied(join(place, 'small'));
  for (let i = 0; i < count; i++) copyEpisode(original, output);
  const measure = (concurrency) => () =>
    seconds(null, () => cis490(...s3Run(place, output, s3, concurrency, `${concurrency}`)));
  const { many, one } = await interleave(1, { many: measure(IN_FLIGHT), one: measure(1) });
  const ratio = one[0] / many[0];
  return {
    name: `... ${count} small ones to S3 over ${ROUND_TRIP_MS} ms, ${IN_FLIGHT} in flight`,
    figure: `${many[0].toFixed(2)} s, one at a time ${one[0].toFixed(2)} s: ${ratio.toFixed(2)} x`,
    bar: `>= ${BAR_S3} x`,
    isOk: ratio >= BAR_S3,
  };
}

async function memory({ original, place, rounds, s3 }) {
  const output = emptied(join(place, 'medium'));
  for (let i = 0; i < rounds(IN_FLIGHT, 4); i++) copyEpisode(original, output, MEDIUM_BYTES);
  const there = emptied(join(place, 'there'));
  const folder = await peakMb(shipArgs(place, [output], there, '--concurrency', `${IN_FLIGHT}`), {});
  const [args, { env }] = s3Run(place, output, s3, IN_FLIGHT, 'memory');
  const bucket = await peakMb(args, env);
  return Object.entries({ folder, S3: bucket }).map(([name, mb]) => ({
    name: `... memory, ${IN_FLIGHT} of ${MEDIUM_BYTES / MIB} MiB in flight, ${name}`,
    figure: `${mb.toFixed(0)} MB`,
    bar: `<= ${BAR_MB} MB`,
    isOk: mb <= BAR_MB,
  }));
}

function s3Run(place, output, { endpoint, env }, concurrency, prefix) {
  const options = [
    '--option',
    `endpoint=${endpoint}`,
    '--option',
    'path_style=true',
    '--concurrency',
    `${concurrency}`,
  ];
  return [shipArgs(place, [output], `s3://episodes/${prefix}`, ...options), { env }];
}

async function peakMb(args, env) {
  let seen;
  await cis490(args, { env, onStart: (child) => (seen = watchMemory(child)) });
  return seen.peakMb;
}

async function seconds(_prepared, work) {
  const before = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - before) / 1e9;
}
