import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { configFlags, planOf, splitCommand } from '../../cli/config-flags.js';
import { hardExit } from '../../cli/hard-exit.js';
import { createProgress } from '../../cli/progress.js';
import { dryRunDocument, dryRunText, episodeDocument, episodeText } from '../../cli/render-episode.js';
import { services } from '../../composition-root.js';
import { newEpisodeId, requireEpisodeId } from '../../core/episode/episode-id.js';
import type { EpisodeResult } from '../../core/episode/episode-runner.js';
import { exitCodeOf, Interruption } from '../../core/episode/interruption.js';
import { EXIT } from '../../core/errors/error-table.js';

export default class EpisodeStart extends BaseCommand {
  static override summary = 'Record an episode: observe a target for a fixed time, through labelled phases.';
  static override description =
    'What to record comes from .cis490rc (or --config FILE); flags override it. A command behind -- is started as the target.';
  static override usage = 'episode start [FLAGS] [-- COMMAND ARG...]';
  static override examples = [
    '<%= config.bin %> episode start --config .cis490rc.example',
    '<%= config.bin %> episode start --target-pid 4711 --duration 30s --interval 10ms',
    '<%= config.bin %> episode start --phase quiet:benign:5s --phase busy:unknown:5s -- ./server --port 8080',
  ];
  static override flags = {
    ...configFlags,
    id: Flags.string({ description: 'Use this ULID instead of a fresh one.', helpValue: 'ULID' }),
    'dry-run': Flags.boolean({ description: 'Check everything and show what would be recorded; write nothing.' }),
  };

  async run(): Promise<void> {
    const { argv, command } = splitCommand(this.argv);
    const { flags } = await this.parse(EpisodeStart, argv);
    const { episodes, schemas } = services();
    const { result: plan } = await planOf(flags, command, schemas);
    const id = flags.id === undefined ? newEpisodeId() : requireEpisodeId(flags.id);
    if (flags['dry-run']) {
      const found = await episodes.dryRun(plan);
      const canRun = found.collectors.every(({ status }) => status !== 'unavailable');
      return this.finish(dryRunDocument(found), dryRunText(found), canRun ? EXIT.ok : EXIT.cannotBegin);
    }
    const progress = await createProgress();
    const interruption = new Interruption((exitCode) => void hardExit(exitCode));
    try {
      const result = await episodes.record({ id, plan, interruption, observer: progress });
      await progress.stop();
      this.finish(episodeDocument(result), episodeText(result), exitCode(result, interruption));
    } finally {
      await progress.stop();
      interruption.dispose();
    }
  }
}

/** A signal's own code tells more than the grade. */
function exitCode({ status, verdict }: EpisodeResult, { signal }: Interruption): number {
  if (status === 'interrupted' && signal !== null) return exitCodeOf(signal);
  return verdict.grade === 'ok' ? EXIT.ok : EXIT.degraded;
}
