import uPlot from 'uplot';
import { formatTicks, formatTime, formatValue } from '../core/report/format-value.js';
import type { PageChart, PageData } from '../core/report/page-data.js';
import { drawEvents, drawGaps, drawPhases } from './backdrop.js';
import { colour } from './colours.js';
import { type Column, decodeChart } from './decode.js';
import type { View } from './view.js';

const HEIGHT = 150;
const FONT = '11px system-ui, sans-serif';
const SYNC = 'time';
const PAD = 0.08;
/** Seconds between two marks of time: as a clock counts them. */
const TIME_STEPS = [
  ...[1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 604_800],
];
const [LEAST_AXIS, AXIS_PADDING, DIGIT_WIDTH] = [48, 16, 6.4];

export interface ChartOptions {
  readonly figure: HTMLElement;
  readonly chart: PageChart;
  readonly data: PageData;
  readonly view: View;
  /** The crosshair is at this time, in this chart's own hands; null when it has left. */
  readonly onCursor: (seconds: number | null, event: MouseEvent | null) => void;
}

/** One chart: drawn once, and again when what is seen of it has changed. */
export class Chart {
  readonly plot: HTMLElement;
  isVisible = true;
  readonly #options: ChartOptions;
  readonly #u: uPlot;
  readonly #x: number[];
  readonly #y: Column[];
  readonly #bucketS: number | null;
  /** Where values at the crosshair are told, and what stands there without one. */
  readonly #values: { readonly element: HTMLElement; readonly otherwise: string }[];
  #isStale = false;

  constructor(options: ChartOptions) {
    const { figure, chart, data } = options;
    this.#options = options;
    this.plot = figure.querySelector<HTMLElement>('.plot')!;
    const axis = data.axes[chart.axis]!;
    const { x, y } = decodeChart(chart, axis);
    [this.#x, this.#y, this.#bucketS] = [x, y, axis.bucketS];
    const places = chart.lines.length > 1 || figure.querySelector('.legend') ? '.legend .value' : 'figcaption .value';
    this.#values = Array.from(figure.querySelectorAll<HTMLElement>(places), (element) => ({
      element,
      otherwise: element.textContent ?? '',
    }));
    this.#u = new uPlot(this.#plotOptions(), [x, ...y] as uPlot.AlignedData, this.plot);
    this.#u.over.addEventListener('mousemove', (event) => this.#tell(event));
    this.#u.over.addEventListener('mouseleave', () => options.onCursor(null, null));
    this.apply();
  }

  /** Shows what the view shows, now or when it is seen again. */
  apply(): void {
    this.#isStale = !this.isVisible;
    const { from, to } = this.#options.view;
    if (this.isVisible) this.#u.setScale('x', { min: from, max: to });
  }

  /** In other colours, or another size. */
  redraw(): void {
    const width = this.plot.clientWidth;
    if (width > 0 && width !== this.#u.width) this.#u.setSize({ width, height: HEIGHT });
    else this.#u.redraw(false, true);
  }

  see(isVisible: boolean): void {
    this.isVisible = isVisible;
    if (isVisible && this.#isStale) this.apply();
  }

  /** Moves the crosshair by points, in all charts. Returns what is to be read there, in words. */
  step(points: number): string {
    const { from, to } = this.#options.view;
    const at = this.#u.cursor.idx ?? this.#u.valToIdx(from);
    const index = Math.min(this.#x.length - 1, Math.max(0, at + points));
    const seconds = Math.min(to, Math.max(from, this.#x[index] ?? from));
    moveCursor(this.#u, { left: this.#u.valToPos(seconds, 'x'), top: HEIGHT / 2 });
    this.#options.onCursor(seconds, null);
    return `${formatTime(seconds)}: ${this.#texts(index).join(', ')}`;
  }

  #plotOptions(): uPlot.Options {
    const { chart, data } = this.#options;
    const axis = { stroke: () => colour('muted'), font: FONT, ticks: { show: false } };
    const grid = { stroke: () => colour('grid'), width: 1 };
    return {
      width: this.plot.clientWidth || 300,
      height: HEIGHT,
      padding: [8, 10, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { size: 6 },
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => this.#showAll() },
        sync: {
          key: SYNC,
          scales: ['x', null],
          filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave', sub: () => this.isVisible },
        },
      },
      scales: { x: { time: false }, y: { range: (_u, min, max) => around(min, max) } },
      axes: [
        {
          ...{ ...axis, grid: { show: false }, size: 24, space: 70, incrs: TIME_STEPS },
          values: (_u, splits) => splits.map((split) => formatTime(split)),
        },
        {
          ...{ ...axis, grid, space: 30, size: (_u: uPlot, texts: string[]) => axisWidth(texts) },
          values: (_u, splits) => formatTicks(splits, chart.unit),
        },
      ],
      series: [{}, ...chart.lines.map((_, i) => this.#series(i))],
      hooks: {
        drawClear: [(u) => drawPhases(u, data)],
        draw: [(u) => drawGaps(u, data.axes[chart.axis]!), (u) => drawEvents(u, data)],
        setSelect: [(u) => this.#zoomTo(u)],
        setCursor: [() => this.#showValues()],
      },
    };
  }

  /** A single line has the colour of its availability. */
  #series(index: number): uPlot.Series {
    const isAlone = this.#options.chart.lines.length === 1;
    const name = this.#options.figure.classList.contains('deployable') ? 'deployable' : 'oracle';
    return {
      stroke: () => colour(isAlone ? name : `line-${index}`),
      width: 1.25,
      ...(isAlone && { fill: () => colour(`${name}-fill`) }),
    };
  }

  /** In place of what uPlot does, which is to show all data of this one chart. */
  #showAll(): null {
    this.#options.view.reset();
    return null;
  }

  #zoomTo(u: uPlot): void {
    const { left, width } = u.select;
    if (width < 2) return;
    const [from, to] = [u.posToVal(left, 'x'), u.posToVal(left + width, 'x')];
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#options.view.set(from, to);
  }

  #tell(event: MouseEvent): void {
    const { left } = this.#u.cursor;
    this.#options.onCursor(left === undefined || left < 0 ? null : this.#u.posToVal(left, 'x'), event);
  }

  #showValues(): void {
    const { idx, left } = this.#u.cursor;
    const isThere = typeof idx === 'number' && (left ?? -1) >= 0;
    const texts = isThere ? this.#texts(idx) : [];
    for (const [i, { element, otherwise }] of this.#values.entries()) element.textContent = texts[i] ?? otherwise;
  }

  /** The value of each line there; in a bucket, from the least to the greatest. */
  #texts(index: number): string[] {
    const { unit } = this.#options.chart;
    return this.#y.map((column) => {
      const near = this.#pointsAt(index).flatMap((i) => (typeof column[i] === 'number' ? [column[i]] : []));
      if (near.length === 0) return '–';
      const [min, max] = [formatValue(Math.min(...near), unit), formatValue(Math.max(...near), unit)];
      return min === max ? min : `${min} to ${max}`;
    });
  }

  #pointsAt(index: number): number[] {
    const width = this.#bucketS;
    if (width === null) return [index];
    const bucketOf = (i: number) => Math.floor((this.#x[i] ?? -1) / width);
    return [index - 2, index - 1, index, index + 1, index + 2].filter((i) => bucketOf(i) === bucketOf(index));
  }
}

/** In all charts: uPlot takes a third argument that its types don't tell of, whether the others follow. */
function moveCursor(u: uPlot, at: { readonly left: number; readonly top: number }): void {
  (u.setCursor as (at: object, isTold: boolean, isPublished: boolean) => void)(at, true, true);
}

const axisWidth = (texts: readonly string[] | null): number =>
  Math.max(LEAST_AXIS, AXIS_PADDING + DIGIT_WIDTH * Math.max(...(texts ?? ['']).map(({ length }) => length)));

/** From zero, unless what is seen lies far from it. */
function around(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  if (min === max) return min === 0 ? [0, 1] : [Math.min(0, min * 1.2), Math.max(0, max * 1.2)];
  const pad = (max - min) * PAD;
  const isNearZero = min >= 0 && min < (max - min) * 2;
  return [isNearZero ? 0 : min - pad, max + pad];
}
