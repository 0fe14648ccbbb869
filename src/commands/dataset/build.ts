import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { outputFlags, outputOf } from '../../cli/config-flags.js';
import { datasetFlags, datasetOptions } from '../../cli/dataset-flags.js';
import { buildDocument, buildText } from '../../cli/render-dataset.js';
import { services } from '../../composition-root.js';

export default class DatasetBuild extends BaseCommand {
  static override summary =
    'Make a data set of finished episodes: Parquet tables, features on a grid, splits, descriptors.';
  static override usage = 'dataset build EPISODES... --out DIR';
  static override examples = [
    '<%= config.bin %> dataset build data/episodes --out data/miners --split 70/15/15',
    '<%= config.bin %> dataset build ID ID --out data/pair --view deployable --view oracle --window 5s --stride 1s',
  ];
  static override strict = false;
  static override args = {
    episodes: Args.string({ description: 'Ids, folders of one or many episodes, or globs.', required: true }),
  };
  static override flags = {
    ...outputFlags,
    out: Flags.string({ description: 'The folder to make.', helpValue: 'DIR', required: true }),
    force: Flags.boolean({ description: 'Replace a former data set.' }),
    ...datasetFlags,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(DatasetBuild);
    const cwd = process.cwd();
    const out = resolve(cwd, flags.out);
    const document = await services().datasets.build({
      args: argv as string[],
      options: datasetOptions(flags),
      out,
      isForced: flags.force,
      output: await outputOf(flags),
      cwd,
      command: [this.config.bin, 'dataset', 'build', ...this.argv],
      onProgress: (what) => this.say(what),
    });
    this.finish(buildDocument(out, document), buildText(out, document));
  }
}
