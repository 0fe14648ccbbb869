import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { buildDocument, buildText } from '../../cli/render-lab.js';
import { Interrupted, Interruption } from '../../core/episode/interruption.js';
import { labFolder } from '../../core/lab/lab-folder.js';
import { packageVersion } from '../../core/package-info.js';

export default class LabBuild extends BaseCommand {
  static override summary = 'Make the image of the virtual machine from Debian packages; root is not needed.';
  static override description =
    'It is kept in ~/.cache/cis490/lab, or in the folder that the environment variable CIS490_LAB names, and built again only if packages or recipe have changed.';
  static override flags = {
    force: Flags.boolean({ description: 'Build even if the image is there, and check that it comes out the same.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(LabBuild);
    const { buildImage } = await import('../../core/lab/image/build-image.js');
    const abort = new AbortController();
    const interruption = new Interruption((code) => process.exit(code));
    void interruption.first.then(() => abort.abort());
    try {
      const options = { lab: labFolder(), version: packageVersion(), force: flags.force, signal: abort.signal };
      const built = await buildImage({ ...options, onStep: (step) => this.say(`${step} ...`) });
      this.finish(buildDocument(built), buildText(built));
    } catch (error) {
      // what a tool said of being ended is of no interest
      throw interruption.signal === null
        ? error
        : new Interrupted(interruption.signal, 'while the image was made; nothing was kept');
    } finally {
      interruption.dispose();
    }
  }
}
