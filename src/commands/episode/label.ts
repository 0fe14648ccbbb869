import { userInfo } from 'node:os';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { outputFlags, outputOf } from '../../cli/config-flags.js';
import { labelDocument, labelText } from '../../cli/render-labels.js';
import { services } from '../../composition-root.js';
import { findEpisode } from '../../core/episode/episode-store.js';
import { CisError } from '../../core/errors/cis-error.js';
import { parseDuration } from '../../core/time/duration.js';

const TIME = { helpValue: '12.5s' };

export default class EpisodeLabel extends BaseCommand {
  static override summary = 'Correct a label of a finished episode, or add one: by a row that is appended.';
  static override description =
    'Nothing is edited: the row says who and why, the marker keeps the digests of what it was before.';
  static override usage = 'episode label ID|DIR (--revises SEQ | --from TIME [--until TIME]) --label LABEL --why TEXT';
  static override examples = [
    '<%= config.bin %> episode label ID --revises 2 --label benign --why "the miner could not reach its pool"',
    '<%= config.bin %> episode label ID --from 12.5s --until 14s --uncertainty 100ms --label unknown --why "the server hung"',
  ];
  static override args = { episode: Args.string({ description: 'Id of an episode, or its folder.', required: true }) };
  static override flags = {
    ...outputFlags,
    revises: Flags.integer({
      description: 'The row of labels.jsonl that was wrong.',
      helpValue: 'SEQ',
      min: 0,
      exclusive: ['from', 'until'],
    }),
    from: Flags.string({ description: 'Since the origin: where the label begins to hold.', ...TIME }),
    until: Flags.string({
      description: 'Where it ceases to, and what held there holds again; without it at the next label.',
      dependsOn: ['from'],
      ...TIME,
    }),
    label: Flags.string({ description: 'What holds.', required: true }),
    technique: Flags.string({ description: 'A MITRE ATT&CK technique.', helpValue: 'T1496' }),
    uncertainty: Flags.string({
      description: 'So far the times may be off; needed with --from, else that of the revised row.',
      helpValue: '100ms',
    }),
    by: Flags.string({ description: 'Who says so; without it the name of the user.' }),
    why: Flags.string({ description: 'Why, in words.', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(EpisodeLabel);
    const { revises, from, until, label, technique = null, uncertainty, by = userName(), why } = flags;
    if (revises === undefined && from === undefined)
      throw new CisError('USAGE', 'what is wrong has to be said: --revises SEQ, or --from TIME');
    const what =
      revises === undefined
        ? { fromNs: nanoseconds('--from', from!), untilNs: until === undefined ? null : nanoseconds('--until', until) }
        : { revises };
    const uncertaintyNs = uncertainty === undefined ? null : nanoseconds('--uncertainty', uncertainty);
    const path = findEpisode(args.episode, await outputOf(flags), process.cwd());
    const result = await services().labeller.relabel(path, { what, label, technique, uncertaintyNs, by, why });
    this.finish(labelDocument(result), labelText(result));
  }
}

function nanoseconds(flag: string, text: string): number {
  const ns = /^0+(?:\.0+)?(?:ms|s|m|h)$/.test(text) ? 0 : parseDuration(text);
  if (ns === null)
    throw new CisError('USAGE', `${flag} is ${JSON.stringify(text)}; a time is a number with ms, s, m or h`);
  return ns;
}

/** In a container the user may have a number, and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}
