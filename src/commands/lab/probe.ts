import { BaseCommand } from '../../cli/base-command.js';
import { labProbeDocument, labProbeText } from '../../cli/render-lab.js';
import { EXIT } from '../../core/errors/error-table.js';

export default class LabProbe extends BaseCommand {
  static override summary = 'Tell what this machine can do for a virtual machine lab, and what would mend the rest.';

  async run(): Promise<void> {
    await this.parse(LabProbe);
    const { probeLab } = await import('../../core/lab/probe/probe-lab.js');
    const probe = await probeLab();
    this.finish(labProbeDocument(probe), labProbeText(probe), probe.canRecord ? EXIT.ok : EXIT.cannotBegin);
  }
}
