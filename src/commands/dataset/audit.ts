import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { auditText } from '../../cli/render-audit.js';
import { auditDataset, DEFAULT_THRESHOLD } from '../../core/dataset/audit/audit-dataset.js';
import type { View } from '../../core/dataset/dataset-document.js';
import { CisError } from '../../core/errors/cis-error.js';
import { EXIT } from '../../core/errors/error-table.js';

export default class DatasetAudit extends BaseCommand {
  static override summary = 'Look for what tells the label without being behaviour: the leakage report of a data set.';
  static override description =
    'Exits with 3 if anything tells the label beyond the threshold. What is ignored is told all the same.';
  static override examples = [
    '<%= config.bin %> dataset audit data/set',
    '<%= config.bin %> dataset audit data/set --threshold 0.3 --ignore phase_order --ignore phase_position',
  ];
  static override args = {
    folder: Args.string({ description: 'Folder of a data set.', required: true }),
  };
  static override flags = {
    view: Flags.option({
      description: 'Which view; without it the deployable one.',
      options: ['deployable', 'oracle', 'all'] as const satisfies readonly View[],
    })(),
    threshold: Flags.string({
      description: 'A score beyond it is a leak: 0 is what chance gives, 1 is certainty.',
      helpValue: '0..1',
      default: String(DEFAULT_THRESHOLD),
    }),
    ignore: Flags.string({
      description: 'Accept this finding (again for more).',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DatasetAudit);
    const { view, ignore = [] } = flags;
    const report = await auditDataset(args.folder, { view, threshold: shareOf(flags.threshold), ignored: ignore });
    this.finish(report, auditText(report), report.is_leaking ? EXIT.degraded : EXIT.ok);
  }
}

function shareOf(text: string): number {
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new CisError('USAGE', `--threshold is ${JSON.stringify(text)}; it is a number from 0 to 1`);
}
