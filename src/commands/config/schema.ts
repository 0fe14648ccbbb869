import { BaseCommand } from '../../cli/base-command.js';
import { describeCollectors, inspectFlags } from '../../cli/inspect.js';
import { services } from '../../composition-root.js';
import { mergedSchema } from '../../core/config/merged-schema.js';
import { printJson } from '../../core/json/exact-json.js';

export default class ConfigSchema extends BaseCommand {
  static override summary = 'Print the JSON Schema of the configuration, with the options of every collector.';
  static override flags = { config: inspectFlags.config };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigSchema);
    const schema = mergedSchema(services().schemas.source('config'), await describeCollectors(flags));
    this.finish(schema, printJson(schema));
  }
}
