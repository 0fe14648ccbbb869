import { relative } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { services } from '../../composition-root.js';
import { createCollectorPackage, SCAFFOLD_KINDS } from '../../core/scaffold/collector-package.js';

export default class CollectorCreate extends BaseCommand {
  static override summary = 'Scaffold a collector plugin: a package in TypeScript whose tests pass at once.';
  static override args = {
    name: Args.string({ description: "The collector's name, in snake_case.", required: true }),
  };
  static override flags = {
    kind: Flags.option({
      description:
        'files: names files that the host reads. polled: is sampled. stream: emits. exec: a program in any language.',
      options: SCAFFOLD_KINDS,
      default: 'files' as const,
    })(),
    output: Flags.string({ description: 'Folder of the package; cis490-plugin-NAME unless told.', helpValue: 'DIR' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CollectorCreate);
    const cwd = process.cwd();
    const taken = (await services().catalogs.build([], cwd)).refs.map(({ name }) => name);
    const made = createCollectorPackage({ name: args.name, kind: flags.kind, folder: flags.output, cwd, taken });
    const next = `  cd ${relative(cwd, made.path) || '.'}\n  npm install\n  npm test\n`;
    this.finish(
      made,
      `${made.package} in ${made.path}:\n${made.files.map((file) => `  ${file}\n`).join('')}\nNext:\n${next}`,
    );
  }
}
