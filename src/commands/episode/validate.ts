import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { outputFlags, outputOf } from '../../cli/config-flags.js';
import { validateText } from '../../cli/render-episodes.js';
import { services } from '../../composition-root.js';
import { findEpisode } from '../../core/episode/episode-store.js';
import { CisError } from '../../core/errors/cis-error.js';
import { EXIT } from '../../core/errors/error-table.js';
import { EpisodeReport } from '../../core/validation/report.js';

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
    const { validator } = services();
    const reports: EpisodeReport[] = [];
    const missing: EpisodeReport[] = [];
    for (const episode of argv as string[]) {
      try {
        reports.push(await validator.validate(findEpisode(episode, output, process.cwd())));
      } catch (error) {
        // the others can be checked all the same
        if (!(error instanceof CisError) || argv.length === 1) throw error;
        const report = new EpisodeReport(episode);
        report.add('.', error.message);
        reports.push(report);
        missing.push(report);
      }
    }
    const invalid = reports.filter((report) => !report.isValid);
    const isMissing = invalid.every((report) => missing.includes(report));
    const episodes = reports.map(({ path, isValid: is_valid, grade, rows, violations, violationCount }) => ({
      path,
      is_valid,
      grade,
      rows,
      violations,
      violation_count: violationCount,
    }));
    const code = invalid.length === 0 ? EXIT.ok : isMissing ? EXIT.cannotBegin : EXIT.degraded;
    this.finish({ is_valid: invalid.length === 0, episodes }, validateText(reports), code);
  }
}
