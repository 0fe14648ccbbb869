const NS_PER_UNIT = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 } as const;
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
/** The longest episode: beyond this, nanoseconds as a double would round. */
const MAX_NS = Number.MAX_SAFE_INTEGER;

/** Nanoseconds of "100ms", "1.5s", "2m" or "1h"; null if it is none of these, is zero, or exceeds 104 days. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  if (!match) return null;
  const ns = Math.round(Number(match[1]) * NS_PER_UNIT[match[2] as keyof typeof NS_PER_UNIT]);
  return ns > 0 && ns <= MAX_NS ? ns : null;
}

/** The shortest of the forms above: 1500000000 is "1.5s". */
export function formatDuration(ns: number): string {
  if (ns >= NS_PER_UNIT.h && ns % NS_PER_UNIT.h === 0) return `${ns / NS_PER_UNIT.h}h`;
  if (ns >= NS_PER_UNIT.m && ns % NS_PER_UNIT.m === 0) return `${ns / NS_PER_UNIT.m}m`;
  return ns >= NS_PER_UNIT.s ? `${ns / NS_PER_UNIT.s}s` : `${ns / NS_PER_UNIT.ms}ms`;
}
