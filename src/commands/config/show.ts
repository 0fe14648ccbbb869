import { BaseCommand } from '../../cli/base-command.js';
import { configFlags, planOf } from '../../cli/config-flags.js';
import { services } from '../../composition-root.js';
import { requirePlan } from '../../core/config/make-plan.js';
import { resolvedConfig } from '../../core/config/resolved-config.js';
import { shipSection } from '../../core/config/ship-section.js';
import { printJson } from '../../core/json/exact-json.js';
import { resolvedShip } from '../../core/ship/ship-options.js';

export default class ConfigShow extends BaseCommand {
  static override summary = 'Show the configuration as it is understood: file, flags and defaults together.';
  static override flags = configFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigShow);
    const { schemas } = services();
    const { loaded, result } = await planOf(flags, undefined, schemas);
    const plan = requirePlan(result);
    const { path } = loaded;
    const config = { ...resolvedConfig(plan), ship: resolvedShip(shipSection(loaded, {}, schemas)) };
    const seed = plan.isSeedDrawn ? '# the seed is made up here; each recording makes up another\n' : '';
    this.finish({ path, config }, `# ${path ?? 'no configuration file was found'}\n${seed}${printJson(config)}`);
  }
}
