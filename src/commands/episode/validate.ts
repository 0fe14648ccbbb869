import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { outputFlags, outputOf } from '../../cli/config-flags.js';
import { validateText } from '../../cli/render-episodes.js';
import { services } from '../../composition-root.js';
import { findEpisode } from '../../core/episode/episode-store.js';
import { EXIT } from '../../core/errors/error-table.js';

export default class EpisodeValidate extends BaseCommand {
  static override summary = 'Check finished episodes: every row, hash, count, time and label.';
  static override usage = 'episode validate ID|DIR...';
  static override strict = false;
  static override args = {
    episode: Args.string({ description: 'Ids of episodes, or their folders.', required: true }),
  };
  static override flags = outputFlags;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(EpisodeValidate);
    const output = await outputOf(flags);
    const folders = (argv as string[]).map((episode) => findEpisode(episode, output, process.cwd()));
    const { validator } = services();
    const reports = [];
    for (const folder of folders) reports.push(await validator.validate(folder));
    const isValid = reports.every((report) => report.isValid);
    const episodes = reports.map(({ path, isValid: is_valid, grade, rows, violations, violationCount }) => ({
      path,
      is_valid,
      grade,
      rows,
      violations,
      violation_count: violationCount,
    }));
    this.finish({ is_valid: isValid, episodes }, validateText(reports), isValid ? EXIT.ok : EXIT.degraded);
  }
}
