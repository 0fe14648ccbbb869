import { setFlagsFromString } from 'node:v8';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { outputFlags } from '../cli/config-flags.js';
import { hardExit } from '../cli/hard-exit.js';
import { shipText } from '../cli/render-ship.js';
import { shipConfigOf, shipFlags } from '../cli/ship-flags.js';
import { createShipProgress } from '../cli/ship-progress.js';
import { services } from '../composition-root.js';
import type { Config } from '../core/config/config.js';
import { loadConfig } from '../core/config/load-config.js';
import { outputFolder } from '../core/config/make-plan.js';
import { shipSection } from '../core/config/ship-section.js';
import { exitCodeOf, Interruption } from '../core/episode/interruption.js';
import { CisError } from '../core/errors/cis-error.js';
import { EXIT } from '../core/errors/error-table.js';
import { shipOptions } from '../core/ship/ship-options.js';
import type { ShipReport, ShipState } from '../core/ship/ship-report.js';

/** It is not there, and is right here: somebody has to look. */
const ODD: readonly ShipState[] = ['changed', 'conflict', 'unfinished'];

export default class Ship extends BaseCommand {
  static override summary =
    'Send finished episodes to a folder, S3, a host with ssh, or a WebDAV server, and verify them there.';
  static override usage = 'ship [ID|DIR...] --to DEST';
  static override examples = [
    '<%= config.bin %> ship --to /mnt/share/episodes',
    '<%= config.bin %> ship --to s3://lab/miners --option endpoint=https://minio.example --option path_style=true',
    '<%= config.bin %> ship --to ssh://lab@trainer/srv/episodes --watch --delete-after',
  ];
  static override strict = false;
  static override args = {
    episodes: Args.string({
      description: 'Ids, folders of one or many episodes, or globs. Default: all that are finished.',
    }),
  };
  static override flags = {
    ...shipFlags,
    watch: Flags.boolean({ description: 'Go on with episodes as they become finished, until a signal.' }),
    'dry-run': Flags.boolean({ description: 'Check and look up; send, note and remove nothing.' }),
    ...outputFlags,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Ship);
    const [cwd, args, isWatching] = [process.cwd(), argv as string[], Boolean(flags.watch)];
    if (isWatching && (args.length > 0 || flags['dry-run']))
      throw new CisError(
        'USAGE',
        `--watch takes ${args.length > 0 ? `no episodes, not ${JSON.stringify(args[0])}` : 'no --dry-run'}`,
      );
    // what goes through is garbage at once: collected early and often, it takes a fifth less memory, for a few per cent of CPU time
    setFlagsFromString('--semi-space-growth-factor=1');
    const { shipper, schemas } = services();
    const loaded = await loadConfig({ file: flags.config, cwd });
    const config = (loaded.raw ?? {}) as Config;
    const options = shipOptions(shipSection(loaded, shipConfigOf(flags), schemas));
    const interruption = new Interruption((exitCode) => void hardExit(exitCode));
    const stop = new AbortController();
    void interruption.first.then((signal) => stop.abort(new Error(`interrupted by ${signal}`)));
    const progress = await createShipProgress();
    process.once('exit', failInMidRun);
    try {
      const report = await shipper.ship({
        ...{
          args,
          cwd,
          options,
          isWatching,
          isDryRun: Boolean(flags['dry-run']),
          observer: progress,
          signal: stop.signal,
        },
        output: outputFolder(config, loaded, flags.output, cwd),
        baseDir: flags.to === undefined ? loaded.baseDir : cwd,
        plugins: config.plugins ?? [],
        pluginsDir: loaded.baseDir,
      });
      progress.stop(); // before the result: it redraws its line
      this.finish(report, shipText(report), exitCode(report, isWatching ? null : interruption.signal));
    } finally {
      process.off('exit', failInMidRun);
      progress.stop();
      interruption.dispose();
    }
  }
}

/** A destination that ends the process, or leaves nothing to wait for, has not shipped what it was to ship. */
function failInMidRun(code: number): void {
  if (code !== EXIT.ok) return;
  process.stderr.write(
    'Error: the run was ended from within, by its destination: run it again to know what is there\n',
  );
  process.exitCode = EXIT.failed;
}

function exitCode({ episodes, stopped }: ShipReport, signal: NodeJS.Signals | null): number {
  if (signal !== null) return exitCodeOf(signal);
  if (stopped !== null || episodes.some(({ state }) => state === 'failed')) return EXIT.failed;
  return episodes.some(({ state }) => ODD.includes(state)) ? EXIT.degraded : EXIT.ok;
}
