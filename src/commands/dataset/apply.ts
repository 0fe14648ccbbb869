import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { outputFlags, outputOf } from '../../cli/config-flags.js';
import { applyDocument, applyText } from '../../cli/render-dataset.js';
import { services } from '../../composition-root.js';
import { CisError } from '../../core/errors/cis-error.js';

export default class DatasetApply extends BaseCommand {
  static override summary =
    "Run a data set's transform on other episodes: the same columns, for a model that was trained on it.";
  static override usage = 'dataset apply FEATURES EPISODES... --out DIR';
  static override examples = [
    '<%= config.bin %> dataset apply data/miners/deployable/features.json data/field --out data/field-features',
  ];
  static override strict = false;
  static override args = {
    features: Args.string({ description: 'The features.json of a view.', required: true }),
    episodes: Args.string({ description: 'Ids, folders of one or many episodes, or globs.', required: true }),
  };
  static override flags = {
    ...outputFlags,
    out: Flags.string({ description: 'The folder to make.', helpValue: 'DIR', required: true }),
    force: Flags.boolean({ description: 'Replace what an earlier apply made.' }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(DatasetApply);
    const [features, ...episodes] = argv as string[];
    if (episodes.length === 0) throw new CisError('USAGE', 'no episode follows the features.json');
    const cwd = process.cwd();
    const result = await services().applier.apply({
      features: resolve(cwd, features!),
      args: episodes,
      out: resolve(cwd, flags.out),
      isForced: flags.force,
      output: await outputOf(flags),
      cwd,
    });
    this.finish(applyDocument(result), applyText(result));
  }
}
