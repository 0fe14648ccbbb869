import { BaseCommand } from '../../cli/base-command.js';
import { services } from '../../composition-root.js';
import { printJson } from '../../core/json/exact-json.js';

export default class ConfigSchema extends BaseCommand {
  static override summary = 'Print the JSON Schema of the configuration, for an editor or another validator.';

  async run(): Promise<void> {
    await this.parse(ConfigSchema);
    const schema = services().schemas.source('config');
    this.finish(schema, printJson(schema));
  }
}
