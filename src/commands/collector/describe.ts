import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { inspectCollectors, inspectFlags } from '../../cli/inspect.js';
import { describeText, inspectionDocument } from '../../cli/render-collectors.js';
import { EXIT } from '../../core/errors/error-table.js';

export default class CollectorDescribe extends BaseCommand {
  static override summary = 'Describe one collector: its options, its fields, its availability, what it needs.';
  static override args = { name: Args.string({ description: 'The collector, or package#collector.', required: true }) };
  static override flags = inspectFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CollectorDescribe);
    const [inspection] = await inspectCollectors(flags, [args.name]);
    const { description } = inspection!;
    const document = { ...inspectionDocument(inspection!), description };
    this.finish(document, describeText(inspection!), description === null ? EXIT.cannotBegin : EXIT.ok);
  }
}
