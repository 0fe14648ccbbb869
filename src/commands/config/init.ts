import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { CisError } from '../../core/errors/cis-error.js';
import { errorCode, errorMessage } from '../../core/errors/describe-error.js';
import { FILE_MODE } from '../../core/files/permissions.js';
import { packageUrl } from '../../core/package-info.js';

/** As the template has it, which is read where cis490 is a dependency. */
const SCHEMA = './node_modules/cis490/schemas/config.schema.json';

/** Where an editor finds the schema from there. */
function schemaFrom(path: string): string {
  const schema = relative(dirname(path), fileURLToPath(packageUrl('schemas/config.schema.json')));
  return schema.startsWith('.') ? schema : `./${schema}`;
}

export default class ConfigInit extends BaseCommand {
  static override summary = 'Write a commented .cis490rc to start from.';
  static override flags = {
    file: Flags.string({ description: 'The file to write.', default: '.cis490rc', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigInit);
    const path = resolve(flags.file);
    const template = readFileSync(packageUrl('examples/config-init.yaml'), 'utf8').replace(SCHEMA, () =>
      schemaFrom(path),
    );
    try {
      writeFileSync(path, template, { flag: 'wx', mode: FILE_MODE });
    } catch (error) {
      if (errorCode(error) === 'EEXIST')
        throw new CisError('CONFIG_EXISTS', `${path} exists already`, { cause: error });
      throw new CisError('OUTPUT_UNWRITABLE', `${path} can not be written: ${errorMessage(error)}`, {
        cause: error,
        hint: 'Choose a writable place with --file, or make room.',
      });
    }
    this.finish({ path }, `wrote ${path}; record with "cis490 episode start"`);
  }
}
