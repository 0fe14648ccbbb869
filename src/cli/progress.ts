import type { EpisodeEvent } from '../core/episode/event-log.js';
import type { EpisodeObserver, LiveSnapshot } from '../core/episode/live-view.js';
import { eventLine } from './episode-lines.js';
import { oneLine } from './sanitize.js';

const REFRESH_MS = 200;
const BAR_WIDTH = 30;
/** Too many to scroll past on a terminal; they all stand in events.jsonl. */
const QUIET_ON_TERMINAL = new Set(['phase_started', 'action_started', 'target_started', 'episode_ended']);

export interface Progress extends EpisodeObserver {
  /** Resolves when all is shown. */
  stop(): Promise<void>;
}

/** A block that is redrawn on a terminal; a line per event elsewhere. */
export async function createProgress(): Promise<Progress> {
  return process.stderr.isTTY ? terminalProgress() : lineProgress();
}

function lineProgress(): Progress {
  const say = (line: string) => process.stderr.write(`${oneLine(line)}\n`);
  return {
    onPreparing: (what) => say(`starting ${what} ...`),
    onStart: ({ id, path }) => say(`recording ${id} in ${path}`),
    onEvent: (event) => say(eventLine(event)),
    async stop() {},
  };
}

async function terminalProgress(): Promise<Progress> {
  const [{ createLogUpdate }, { default: colors }] = await Promise.all([import('log-update'), import('picocolors')]);
  const update = createLogUpdate(process.stderr);
  let timer: NodeJS.Timeout | undefined;
  setBlocking(process.stderr, false);
  return {
    onPreparing: (what) => update(`starting ${what} ...`),
    onStart({ id, snapshot }) {
      const draw = () => {
        if (process.stderr.writableLength === 0) update(render(id, snapshot(), colors));
      };
      timer = setInterval(draw, REFRESH_MS);
      draw();
    },
    onEvent(event: EpisodeEvent) {
      if (QUIET_ON_TERMINAL.has(event.event) || event.expected === true || isOfStarting(event)) return;
      update.clear();
      process.stderr.write(`${eventLine(event)}\n`);
    },
    async stop() {
      clearInterval(timer);
      update.clear();
      update.done();
      await new Promise<void>((resolve) => process.stderr.write('', () => resolve()));
      setBlocking(process.stderr, true);
    },
  };
}

/**
 * Node waits for a terminal at each write: one that is held (Ctrl-S) would hold the thread that begins phases and ends
 * actions. There is no public way to say so (nodejs.org, "A note on process I/O").
 */
function setBlocking(stream: NodeJS.WriteStream, isBlocking: boolean): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?(isBlocking: boolean): void } };
  handle?.setBlocking?.(isBlocking);
}

/** What QEMU tells while it is being started is our own doing. */
function isOfStarting({ source, at_mono_ns }: EpisodeEvent): boolean {
  return source === 'qmp' && Number(at_mono_ns) < 0;
}

type Colors = typeof import('picocolors');

function render(id: string, { phase, label, elapsedNs, durationNs, collectors }: LiveSnapshot, colors: Colors): string {
  const done = Math.min(1, elapsedNs / durationNs);
  const filled = Math.round(done * BAR_WIDTH);
  const left = Math.max(0, (durationNs - elapsedNs) / 1e9).toFixed(1);
  const width = Math.max(...collectors.map(({ source }) => source.length));
  return [
    `${colors.bold('recording')} ${id}`,
    `${colors.green('█'.repeat(filled))}${colors.dim('░'.repeat(BAR_WIDTH - filled))} ${left} s left   ${colors.cyan(phase ?? '-')} ${colors.dim(`(${label ?? '-'})`)}`,
    ...collectors.map(({ source, rows, missed, isRunning }) => {
      const misses = missed > 0 ? colors.yellow(`${missed} missed`) : colors.dim('0 missed');
      return `  ${source.padEnd(width)}  ${String(rows).padStart(8)} rows  ${misses}${isRunning ? '' : colors.dim('  ended')}`;
    }),
  ].join('\n');
}
