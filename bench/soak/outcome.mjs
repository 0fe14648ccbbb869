import { cis490 } from '../lib/episode.mjs';

/**
 * What is wrong with the recorded episode, a sentence each. Missed ticks are not: they are the machine's, and the lines
 * show them.
 */
export async function problemsOf({ path, meta }) {
  return [...(await violationsOf(path)), ...endProblems(meta), ...meta.collectors.flatMap(collectorProblems)];
}

async function violationsOf(path) {
  const { episodes } = JSON.parse(await cis490(['episode', 'validate', '--json', path], { accept: [0, 3] }));
  return episodes.flatMap(({ violations }) =>
    violations.map(({ file, line, message }) => `${file}${line === null ? '' : `:${line}`}: ${message}`),
  );
}

function endProblems({ status, end_reason: endReason, grade, grade_reasons: reasons }) {
  return [
    ...(status === 'complete' && endReason === 'duration_over'
      ? []
      : [`the episode is "${status}" (${endReason}); it should be "complete" (duration_over)`]),
    ...(grade === 'invalid' ? [`the episode's grade is "invalid": ${reasons.join('; ')}`] : []),
  ];
}

function collectorProblems({ source, state, state_reason: reason, rows_invalid: invalid, sample_errors: errors }) {
  return [
    ...(state === 'ok' ? [] : [`${source} is "${state}": ${reason}`]),
    ...(invalid > 0 ? [`${source} returned ${invalid} invalid rows`] : []),
    ...(errors > 0 ? [`${source} failed in ${errors} samples`] : []),
  ];
}
