const KNOWN = ['benign', 'malicious', 'unknown', 'unlabelled'];
/** So many colours there are for the classes of a configuration; then they begin anew. */
const CLASSES = 6;

/** The name of each label's colour: those that every episode may have keep theirs, others get one in their order. */
export function labelTones(labels: readonly string[]): Map<string, string> {
  const others = [...new Set(labels)].filter((label) => !KNOWN.includes(label));
  return new Map([
    ...KNOWN.map((label) => [label, label] as const),
    ...others.map((label, i) => [label, `class-${i % CLASSES}`] as const),
  ]);
}
