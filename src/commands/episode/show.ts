import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { outputFlags, outputOf } from '../../cli/config-flags.js';
import { showText } from '../../cli/render-episodes.js';
import { services } from '../../composition-root.js';
import { findEpisode, readEpisode } from '../../core/episode/episode-store.js';

export default class EpisodeShow extends BaseCommand {
  static override summary = 'Show one episode: its verdict, its target, its collectors and its labels.';
  static override args = { id: Args.string({ description: 'The id of an episode, or its folder.', required: true }) };
  static override flags = outputFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EpisodeShow);
    const episode = readEpisode(findEpisode(args.id, await outputOf(flags), process.cwd()), services().schemas);
    this.finish(episode, showText(episode));
  }
}
