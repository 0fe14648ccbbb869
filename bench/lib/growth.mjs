import { median } from './statistics.mjs';

/** The judged stretch is cut into so many parts of equal time: single hiccups vanish, and neighbours depend less on each other. */
const PARTS = 20;
/** What a program needs to settle: caches, heaps, compiled code. A share of the run, at most ten minutes. */
const WARM_UP_SHARE = 1 / 3;
const WARM_UP_MOST_S = 600;
/** One-sided, 99 %. */
const Z = 2.326;

/**
 * Whether a series grows without end: `points` are `[{atS, value}]` in the order of time; `floor` (in the values' unit)
 * and `share` (of their level) say what the whole judged stretch may grow by, the larger of them; `merge` makes one value
 * of those of a part.
 *
 * Sen's slope, the median over all pairs, with its lower bound of 99 % (Sen 1968, by Kendall's variance): no single value
 * matters, and nothing is taken to be normal. It grows if it grew by more than is allowed even at that bound, and went
 * on in the second half: a step, or a heap that finds its size, is no leak.
 * Throws if there are too few points.
 */
export function judgeGrowth(points, { floor, share = 0, merge = median }) {
  const parts = intoParts(afterWarmUp(points), merge);
  const level = median(parts.map(({ value }) => value));
  const allowed = Math.max(floor, share * Math.abs(level));
  const spanS = parts.at(-1).atS - parts[0].atS;
  const { slope, atLeast } = senSlope(parts);
  const recent = senSlope(parts.slice(parts.length >> 1));
  return {
    level,
    spanS,
    allowed,
    /** Over the judged stretch. */
    growth: slope * spanS,
    growthAtLeast: atLeast * spanS,
    isGrowing: atLeast * spanS > allowed && recent.slope * spanS > allowed,
  };
}

function afterWarmUp(points) {
  const [from, to] = [points[0]?.atS ?? 0, points.at(-1)?.atS ?? 0];
  const warmUpS = Math.min((to - from) * WARM_UP_SHARE, WARM_UP_MOST_S);
  return points.filter(({ atS }) => atS >= from + warmUpS);
}

/** Parts of equal time; one without a point is left out. */
function intoParts(points, merge) {
  if (points.length < PARTS) throw new Error(`${points.length} points after the warm-up; ${PARTS} are needed`);
  const from = points[0].atS;
  const lengthS = (points.at(-1).atS - from) / PARTS;
  const parts = Array.from({ length: PARTS }, () => []);
  for (const point of points) parts[Math.min(PARTS - 1, Math.floor((point.atS - from) / lengthS))].push(point);
  return parts
    .filter((part) => part.length > 0)
    .map((part) => ({ atS: median(part.map(({ atS }) => atS)), value: merge(part.map(({ value }) => value)) }));
}

function senSlope(points) {
  const slopes = points.flatMap((b, j) => points.slice(0, j).map((a) => (b.value - a.value) / (b.atS - a.atS)));
  slopes.sort((a, b) => a - b);
  const n = points.length;
  const spread = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const rank = Math.max(0, Math.floor((slopes.length - spread) / 2));
  return { slope: median(slopes), atLeast: slopes[rank] };
}
