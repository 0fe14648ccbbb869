import type uPlot from 'uplot';
import type { PageAxis, PageData } from '../core/report/page-data.js';
import { colour } from './colours.js';

const HATCH_STEP = 6;
const MARK = 5;

/** Behind the lines: the phases, shaded in the colour of their labels. */
export function drawPhases(u: uPlot, { phases }: PageData): void {
  const { left, top, width, height } = u.bbox;
  const { ctx } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  for (const { from, to, tone } of phases) {
    const [x0, x1] = [u.valToPos(from, 'x', true), u.valToPos(to, 'x', true)];
    if (x1 < left || x0 > left + width) continue;
    ctx.fillStyle = colour(`shade-${tone}`);
    ctx.fillRect(x0, top, x1 - x0, height);
    ctx.fillStyle = colour(`tone-${tone}`);
    ctx.fillRect(x0, top, x1 - x0, 2 * devicePixelRatio);
  }
  ctx.restore();
}

/** In front of them: where nothing was read, hatched and never narrower than can be seen. */
export function drawGaps(u: uPlot, { gaps }: PageAxis): void {
  const { left, top, width, height } = u.bbox;
  const { ctx } = u;
  ctx.save();
  ctx.beginPath();
  for (let i = 0; i < gaps.length; i += 2) {
    const [x0, x1] = [u.valToPos(gaps[i]!, 'x', true), u.valToPos(gaps[i + 1]!, 'x', true)];
    if (x1 >= left && x0 <= left + width) ctx.rect(x0, top, Math.max(x1 - x0, devicePixelRatio), height);
  }
  ctx.clip();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.fillStyle = colour('gap-fill');
  ctx.fillRect(left, top, width, height);
  ctx.strokeStyle = colour('gap');
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (let x = left - height; x < left + width; x += HATCH_STEP * devicePixelRatio) {
    ctx.moveTo(x, top + height);
    ctx.lineTo(x + height, top);
  }
  ctx.stroke();
  ctx.restore();
}

/** Events, as marks at the foot of the chart. */
export function drawEvents(u: uPlot, { events }: PageData): void {
  const { left, top, width, height } = u.bbox;
  const { ctx } = u;
  const size = MARK * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = colour('event');
  for (const { at } of events) {
    const x = u.valToPos(at, 'x', true);
    if (x < left || x > left + width) continue;
    ctx.beginPath();
    ctx.moveTo(x, top + height - size);
    ctx.lineTo(x + size * 0.7, top + height);
    ctx.lineTo(x - size * 0.7, top + height);
    ctx.fill();
  }
  ctx.restore();
}
