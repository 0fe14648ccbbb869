import { BaseCommand } from '../../cli/base-command.js';
import { inspectCollectors, inspectFlags } from '../../cli/inspect.js';
import { inspectionDocument, listText } from '../../cli/render-collectors.js';

export default class CollectorList extends BaseCommand {
  static override summary = 'List the collectors that there are, and whether they can run here.';
  static override flags = inspectFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(CollectorList);
    const inspections = await inspectCollectors(flags, []);
    this.finish({ collectors: inspections.map(inspectionDocument) }, listText(inspections));
  }
}
