import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlanResult } from '../config/make-plan.js';
import { readDocument } from '../files/read-document.js';
import { parseJson } from '../json/exact-json.js';
import type { CollectorFigures } from './collector-figures.js';
import { NAMES } from './episode-folder.js';
import { newEpisodeId } from './episode-id.js';
import type { EpisodeRunner } from './episode-runner.js';
import type { EpisodeEvent } from './event-log.js';
import type { Interruption } from './interruption.js';
import type { Meta } from './meta.js';

/** What a collector did in a short episode of its own. */
export interface CollectorTrial {
  readonly rows: readonly unknown[];
  readonly figures: CollectorFigures;
  /** What kept it from being without fault, a sentence each. */
  readonly reasons: readonly string[];
  readonly events: readonly EpisodeEvent[];
}

/** Records a short episode into a folder that is removed again. `plan` names one collector; `folder` is where it goes. */
export async function tryCollector(
  episodes: EpisodeRunner,
  makePlan: (folder: string) => PlanResult,
  interruption: Interruption,
): Promise<CollectorTrial> {
  const folder = mkdtempSync(join(tmpdir(), 'cis490-trial-'));
  const events: EpisodeEvent[] = [];
  const observer = { onPreparing() {}, onStart() {}, onEvent: (event: EpisodeEvent) => void events.push(event) };
  try {
    const { path, verdict } = await episodes.record({
      id: newEpisodeId(),
      plan: makePlan(folder),
      interruption,
      observer,
    });
    const [figures] = (parseJson(readDocument(join(path, NAMES.meta))) as Meta).collectors;
    const lines = readDocument(join(path, NAMES.telemetry, `${figures!.source}.jsonl`))
      .split('\n')
      .slice(0, -1);
    const told = events.filter(({ source }) => source === figures!.source);
    return { rows: lines.map(parseJson), figures: figures!, reasons: verdict.reasons, events: told };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
