import { BaseCommand } from '../../cli/base-command.js';
import { outputFlags, outputOf } from '../../cli/config-flags.js';
import { listText } from '../../cli/render-episodes.js';
import { listEpisodes } from '../../core/episode/episode-store.js';

export default class EpisodeList extends BaseCommand {
  static override summary = 'List the episodes of an output folder, oldest first.';
  static override flags = outputFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(EpisodeList);
    const output = await outputOf(flags);
    const episodes = listEpisodes(output);
    this.finish({ output, episodes }, listText(output, episodes));
  }
}
