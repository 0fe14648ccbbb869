import type { PageData } from '../core/report/page-data.js';
import { Chart } from './chart.js';
import type { View } from './view.js';

/** So far below the window's edge charts are drawn already. */
const AHEAD = '400px';

export interface ChartsOptions {
  readonly data: PageData;
  readonly view: View;
  readonly onCursor: (seconds: number | null, event: MouseEvent | null) => void;
}

/** All charts of the page: each is drawn when it is about to be seen. */
export class Charts {
  readonly #byPlot = new Map<Element, Chart>();
  readonly #options: ChartsOptions;

  constructor(options: ChartsOptions) {
    this.#options = options;
    const watch = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: AHEAD });
    for (const plot of document.querySelectorAll('.chart .plot')) watch.observe(plot);
    options.view.onChange(() => {
      for (const chart of this.#byPlot.values()) chart.apply();
    });
    new ResizeObserver(() => this.redraw()).observe(document.body);
  }

  redraw(): void {
    for (const chart of this.#byPlot.values()) chart.redraw();
  }

  /** The one that has the focus, or else the first that is seen. */
  get current(): Chart | undefined {
    const focused = this.#byPlot.get(document.activeElement as Element);
    return focused ?? [...this.#byPlot.values()].find(({ isVisible, plot }) => isVisible && plot.clientWidth > 0);
  }

  #see(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const chart = this.#byPlot.get(target);
      if (chart !== undefined) chart.see(isIntersecting);
      else if (isIntersecting) this.#draw(target);
    }
  }

  #draw(plot: Element): void {
    const { data, view, onCursor } = this.#options;
    const figure = plot.closest<HTMLElement>('.chart')!;
    const chart = data.charts[Number(figure.dataset.chart)]!;
    if (this.#byPlot.size === 0) requestAnimationFrame(() => performance.mark('first-chart'));
    this.#byPlot.set(plot, new Chart({ figure, chart, data, view, onCursor }));
  }
}
