import { median, quantile } from '../lib/statistics.mjs';

const COLUMNS = [
  ['time', 8, ({ points }) => clock(points.at(-1).atS)],
  ['memory', 10, of('memoryMb', 'MB', 1)],
  ['resident', 10, of('rssMb', 'MB', 1)],
  ['programs', 14, ({ points }) => `${last(points, 'programs')} ${middle(points, 'programsMb').toFixed(1)} MB`],
  ['fds', 5, of('descriptors', '', 0)],
  ['threads', 8, of('threads', '', 0)],
  ['cpu', 8, percent('cpu')],
  ['programs', 9, percent('programsCpu')],
  ['rows', 8, ({ points }) => `${total(points, 'rows')}`],
  ['missed', 7, ({ points }) => `${total(points, 'missed')}`],
  ['late p50', 9, late(0.5)],
  ['p99', 9, late(0.99)],
  ['max', 9, late(1)],
  ['written', 11, of('kbPerS', 'kB/s', 0)],
];

/** A line every `lineS` seconds of what the points since the last one have: medians, sums, and how late their ticks were. */
export class Log {
  #lineS;
  #nextS;
  #points = [];
  #latenessUs = [];

  constructor(lineS) {
    this.#lineS = lineS;
    this.#nextS = lineS;
    print(COLUMNS.map(([title]) => title));
  }

  add(point, latenessUs) {
    this.#points.push(point);
    this.#latenessUs.push(...latenessUs);
    if (point.atS >= this.#nextS) this.#print();
  }

  /** The last line may be of less time. */
  close() {
    if (this.#points.length > 0) this.#print();
  }

  #print() {
    print(COLUMNS.map(([, , read]) => read({ points: this.#points, latenessUs: this.#latenessUs })));
    [this.#points, this.#latenessUs] = [[], []];
    this.#nextS += this.#lineS;
  }
}

function print(cells) {
  process.stdout.write(`${cells.map((cell, i) => cell.padStart(COLUMNS[i][1])).join(' ')}\n`);
}

function of(key, unit, digits) {
  return ({ points }) => `${middle(points, key).toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}

function percent(key) {
  return ({ points }) => `${(100 * middle(points, key)).toFixed(1)} %`;
}

function late(share) {
  return ({ latenessUs }) => (latenessUs.length === 0 ? '-' : `${quantile(latenessUs, share).toFixed(0)} us`);
}

const middle = (points, key) => median(points.map((point) => point[key]));
const total = (points, key) => points.reduce((sum, point) => sum + point[key], 0);
const last = (points, key) => points.at(-1)[key];
const clock = (seconds) => new Date(1e3 * Math.round(seconds)).toISOString().slice(11, 19);
