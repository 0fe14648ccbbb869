import type { ShipObserver, ShippedEpisode } from '../core/ship/ship-report.js';
import { formatBytes } from './format-bytes.js';
import { episodeLine } from './render-ship.js';
import { oneLine } from './sanitize.js';

const REFRESH_MS = 200;

export interface ShipProgress extends Required<ShipObserver> {
  stop(): void;
}

/** A line per episode; on a terminal, one more that is redrawn: how much of it is through. */
export async function createShipProgress(): Promise<ShipProgress> {
  const draw = process.stderr.isTTY ? await redrawn() : PLAIN;
  const all = { episodes: 0, bytes: 0, done: 0, doneBytes: 0, sent: 0 };
  const sizes = new Map<string, number>();
  const begun = performance.now();
  const timer = setInterval(() => draw.status(statusLine(all, performance.now() - begun)), REFRESH_MS);
  return {
    onQueued(id, bytes) {
      all.episodes++;
      all.bytes += bytes;
      sizes.set(id, bytes);
    },
    onSent(_id, bytes) {
      all.sent += bytes;
    },
    onTrouble: (id, message) => draw.line(oneLine(`${id}  is tried again: ${message}`)),
    onDone(episode: ShippedEpisode) {
      all.done++;
      all.doneBytes += sizes.get(episode.id) ?? 0;
      sizes.delete(episode.id);
      draw.line(episodeLine(episode));
    },
    stop() {
      clearInterval(timer);
      draw.end();
    },
  };
}

interface Counts {
  readonly episodes: number;
  readonly bytes: number;
  readonly done: number;
  readonly doneBytes: number;
  readonly sent: number;
}

function statusLine({ episodes, bytes, done, doneBytes, sent }: Counts, ms: number): string {
  const rate = ms > 0 ? (sent / ms) * 1000 : 0;
  return `${done} of ${episodes} episodes, ${formatBytes(doneBytes)} of ${formatBytes(bytes)}; ${formatBytes(sent)} sent, ${formatBytes(rate)}/s`;
}

interface Drawing {
  status(line: string): void;
  line(line: string): void;
  end(): void;
}

const PLAIN: Drawing = {
  status() {},
  line: (line) => void process.stderr.write(`${line}\n`),
  end() {},
};

async function redrawn(): Promise<Drawing> {
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(process.stderr);
  return {
    status: (line) => update(line),
    line(line) {
      update.clear();
      process.stderr.write(`${line}\n`);
    },
    end() {
      update.clear();
      update.done();
    },
  };
}
