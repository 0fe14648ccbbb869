import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { descendantsOf, readUsage } from '../lib/process-usage.mjs';
import { TelemetryTail } from './telemetry-tail.mjs';

const NS_PER_S = 1e9;
const KB = 1e3;

/** Looks at a recorder from outside, again and again: what it and its programs take, and what it writes. */
export class Watch {
  #recorderPid;
  #targetPid;
  #path;
  #tails;
  #startNs = process.hrtime.bigint();
  #before = null;

  constructor({ recorderPid, path, intervalMs }) {
    const { target, collectors } = JSON.parse(readFileSync(join(path, 'meta.json'), 'utf8'));
    this.#recorderPid = recorderPid;
    this.#targetPid = target.pid;
    this.#path = path;
    this.#tails = collectors.map(
      ({ source }) => new TelemetryTail(join(path, 'telemetry', `${source}.jsonl`), intervalMs * 1e6),
    );
  }

  /** How it stands; rates are those since the look before. Null at the first look, and when the recorder is gone. */
  look() {
    const atS = Number(process.hrtime.bigint() - this.#startNs) / NS_PER_S;
    const usage = readUsage(this.#recorderPid);
    if (usage === null) return null;
    const programs = descendantsOf(this.#recorderPid, this.#targetPid).map(readUsage).filter(Boolean);
    const now = { atS, cpuNs: usage.cpuNs, programsCpuNs: sum(programs, 'cpuNs'), bytes: folderBytes(this.#path) };
    const rows = this.#readTails();
    const before = this.#before;
    this.#before = now;
    if (before === null) return null;
    const seconds = atS - before.atS;
    const share = (key) => (now[key] - before[key]) / NS_PER_S / seconds;
    return {
      ...usage,
      ...rows,
      atS,
      programs: programs.length,
      programsMb: sum(programs, 'memoryMb'),
      cpu: share('cpuNs'),
      programsCpu: share('programsCpuNs'),
      kbPerS: (now.bytes - before.bytes) / KB / seconds,
    };
  }

  #readTails() {
    const seen = this.#tails.map((tail) => tail.read());
    return {
      rows: sum(seen, 'rows'),
      missed: sum(seen, 'missed'),
      latenessUs: seen.flatMap(({ latenessUs }) => latenessUs),
    };
  }

  close() {
    for (const tail of this.#tails) tail.close();
  }
}

const sum = (items, key) => items.reduce((total, item) => total + item[key], 0);

/** Of all files, also of those that a target or a program fills. */
function folderBytes(path) {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((total, { parentPath, name }) => total + sizeOf(join(parentPath, name)), 0);
}

/** meta.json is replaced, and its temporary file is gone at any moment. */
const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
