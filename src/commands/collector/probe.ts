import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { inspectCollectors, inspectFlags } from '../../cli/inspect.js';
import { inspectionDocument, probeText } from '../../cli/render-collectors.js';
import { EXIT } from '../../core/errors/error-table.js';

export default class CollectorProbe extends BaseCommand {
  static override summary = 'Tell whether collectors can run here, why not, and what would mend it.';
  static override usage = 'collector probe [NAME...]';
  static override strict = false;
  static override args = { name: Args.string({ description: 'Collectors to probe; without a name all of them.' }) };
  static override flags = inspectFlags;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(CollectorProbe);
    const inspections = await inspectCollectors(flags, argv as string[]);
    const canRun = inspections.every(({ status }) => status !== 'unavailable');
    const document = { collectors: inspections.map(inspectionDocument) };
    this.finish(document, probeText(inspections), canRun ? EXIT.ok : EXIT.cannotBegin);
  }
}
