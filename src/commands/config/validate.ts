import { BaseCommand } from '../../cli/base-command.js';
import { configFlags, planOf } from '../../cli/config-flags.js';
import { services } from '../../composition-root.js';
import { shipSection } from '../../core/config/ship-section.js';
import { shipOptions } from '../../core/ship/ship-options.js';
import { formatDuration } from '../../core/time/duration.js';

export default class ConfigValidate extends BaseCommand {
  static override summary = 'Check a configuration, with the options of the plugins it names; every problem is listed.';
  static override flags = configFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigValidate);
    const { episodes, schemas, shipper } = services();
    const { loaded, result } = await planOf(flags, undefined, schemas);
    const { path, baseDir } = loaded;
    const { phases, collectors, durationNs, plugins } = await episodes.check(result);
    const ship = shipSection(loaded, {}, schemas);
    if (ship.to !== undefined) await shipper.check(shipOptions(ship), plugins, baseDir);
    const sources = collectors.map(({ source }) => source);
    const text = `${path ?? 'the defaults'}: valid, ${phases.length} phase${phases.length === 1 ? '' : 's'} in ${formatDuration(durationNs)}, collectors ${sources.join(', ')}`;
    this.finish({ path, is_valid: true, phases: phases.length, collectors: sources, duration_ns: durationNs }, text);
  }
}
