import type { ShippedEpisode, ShipReport, ShipState } from '../core/ship/ship-report.js';
import { formatBytes } from './format-bytes.js';
import { oneLine } from './sanitize.js';

const WORDS: Readonly<Record<ShipState, string>> = {
  shipped: 'shipped',
  already_there: 'already there',
  noted: 'shipped before',
  would_ship: 'would be shipped',
  unfinished: 'not finished, stays here',
  changed: 'changed after it was finished, stays here',
  conflict: 'in conflict, stays here',
  failed: 'not shipped, stays here',
};

/** A line for an episode, as it is done. */
export function episodeLine({ id, state, reason, bytes, is_removed }: ShippedEpisode): string {
  const size = bytes === null || state === 'noted' ? '' : `, ${formatBytes(bytes)}`;
  return oneLine(
    `${id}  ${WORDS[state]}${size}${is_removed ? ', removed here' : ''}${reason === null ? '' : `: ${reason}`}`,
  );
}

/** How many of each, and what ended the run. */
export function shipText({ to, episodes, untried, unfinished, sent_bytes, stopped, hint }: ShipReport): string {
  const counts = (Object.keys(WORDS) as ShipState[])
    .map((state) => ({ state, count: episodes.filter((each) => each.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${WORDS[state]}`);
  const rest = untried > 0 ? `${untried} more ${stays(untried)}: the run ended before\n` : '';
  const left = unfinished > 0 ? `${unfinished} without done.marker ${stays(unfinished)}\n` : '';
  const end = stopped === null ? '' : `stopped: ${oneLine(stopped)}\n${hint === null ? '' : `  ${oneLine(hint)}\n`}`;
  return `${oneLine(to)}: ${counts.join(', ') || (untried > 0 ? 'nothing shipped' : 'nothing to ship')}; ${formatBytes(sent_bytes)} sent\n${rest}${left}${end}`;
}

const stays = (count: number): string => (count === 1 ? 'stays here' : 'stay here');
