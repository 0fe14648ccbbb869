import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { outputFlags, outputOf } from '../../cli/config-flags.js';
import { type RecoverOutcome, recoverDocument, recoverExitCode, recoverText } from '../../cli/render-recovery.js';
import { services } from '../../composition-root.js';
import { findEpisode } from '../../core/episode/episode-store.js';
import { CisError } from '../../core/errors/cis-error.js';

export default class EpisodeRecover extends BaseCommand {
  static override summary = 'Finish episodes whose recorder died: keep every whole row, tell what was lost.';
  static override description =
    'Takes folders without a done.marker; ends what a dead recorder has left running. An episode that is being recorded is never touched.';
  static override usage = 'episode recover ID|DIR...';
  static override strict = false;
  static override args = {
    episode: Args.string({ description: 'Ids of episodes, or their folders.', required: true }),
  };
  static override flags = {
    ...outputFlags,
    force: Flags.boolean({
      description: 'Take it that a recorder of another boot, machine or container is dead.',
    }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(EpisodeRecover);
    const output = await outputOf(flags);
    const { recoverer } = services();
    const outcomes: RecoverOutcome[] = [];
    for (const episode of argv as string[]) {
      try {
        const path = findEpisode(episode, output, process.cwd());
        outcomes.push({ episode, recovered: await recoverer.recover(path, { isForced: flags.force }) });
      } catch (error) {
        // the others can be recovered all the same
        if (!(error instanceof CisError) || argv.length === 1) throw error;
        outcomes.push({ episode, error });
      }
    }
    this.finish(recoverDocument(outcomes), recoverText(outcomes), recoverExitCode(outcomes));
  }
}
