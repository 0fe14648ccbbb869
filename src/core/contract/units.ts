/** UCUM atoms that telemetry uses, case-sensitive (ucum.org, table 4), and the prefixes that may stand before the metric ones. */
const METRIC = new Set(['s', 'By', 'bit', 'Hz', 'Cel', 'K', 'W', 'J', 'V', 'A', 'm', 'g']);
const OTHER = new Set(['1', '%', 'min', 'h', 'd', 'dB']);
const PREFIX = /^(?:da|[KMGT]i|[munpfkMGTPdch])/;
const ANNOTATION = /^\{[\x21-\x7a|~]+\}$/;

/** Whether `unit` is UCUM as OpenTelemetry writes it: an atom with its prefix, an annotation like `{fault}`, or a quotient. */
export function isUnit(unit: string): boolean {
  const parts = unit.split('/');
  return parts.length <= 2 && parts.every(isTerm);
}

function isTerm(term: string): boolean {
  if (OTHER.has(term) || METRIC.has(term) || ANNOTATION.test(term)) return true;
  const prefix = PREFIX.exec(term);
  return prefix !== null && METRIC.has(term.slice(prefix[0].length));
}
