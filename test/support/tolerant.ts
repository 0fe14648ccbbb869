/** `grade` of a configuration: for tests that are not about the cadence, which a busy machine, or one under emulation, takes from any recorder. */
export const TOLERANT = {
  missed_share: 1,
  late_share: 1,
  longest_gap: '1h',
  stream_gap: '1h',
  label_coverage: 0,
  label_uncertainty: '1h',
  recorder_cpu_share: 99,
  phase_delay: '1h',
};
