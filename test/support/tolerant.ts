/** `grade` of a configuration: for tests that are not about the cadence, which a busy machine takes from any recorder. */
export const TOLERANT = {
  missed_share: 1,
  late_share: 1,
  longest_gap: '1h',
  stream_gap: '1h',
  label_coverage: 0,
  label_uncertainty: '1h',
  recorder_cpu_share: 99,
};

/** For virtual machines under emulation, whose programs take their time to start and to end. */
export const TOLERANT_OF_GUESTS = { ...TOLERANT, phase_delay: '1h' };
