import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { outputFlags, outputOf } from '../../cli/config-flags.js';
import { reportDocument, reportText } from '../../cli/render-report.js';
import { services } from '../../composition-root.js';
import { findEpisode } from '../../core/episode/episode-store.js';
import { writeReport } from '../../core/report/write-report.js';

export default class EpisodeReport extends BaseCommand {
  static override summary =
    'Make one HTML file of a finished episode: its verdict, and every field as a chart over time.';
  static override args = { id: Args.string({ description: 'The id of an episode, or its folder.', required: true }) };
  static override flags = {
    file: Flags.string({ description: 'The file to write. Default: ID.html in this folder.', helpValue: 'FILE' }),
    force: Flags.boolean({ description: 'Replace the file if it is there.' }),
    ...outputFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EpisodeReport);
    const folder = findEpisode(args.id, await outputOf(flags), process.cwd());
    const fileOf = (id: string) => resolve(flags.file ?? `${id}.html`);
    const report = await writeReport({ folder, fileOf, force: flags.force, schemas: services().schemas });
    this.finish(reportDocument(report), reportText(report));
  }
}
