import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { checkDefinition } from '../core/contract/check-definition.js';
import type { AnyCollector } from '../core/contract/collector.js';
import { definitionChecks, packageChecks } from './checks/definition-checks.js';
import { faultChecks } from './checks/fault-checks.js';
import { goldenChecks } from './checks/golden-checks.js';
import { lifecycleChecks } from './checks/lifecycle-checks.js';
import { fixtureCases } from './fixture-case.js';
import type { Subject } from './subject.js';

export interface ContractCheck {
  /** A sentence that begins with the collector's name. */
  readonly name: string;
  /** Rejects with an Error that says how the contract is broken. */
  run(): Promise<void>;
}

/** Where things are, if not where a package made by `collector create` has them. Paths are from the working directory. */
export interface ContractOptions {
  /** The folder of package.json; without it the nearest one from the working directory upwards. */
  readonly packageDir?: string;
  /** Without it: README.md in the package's folder. */
  readonly readme?: string;
  /**
   * A folder with a captured machine in each of its folders; of several collectors each has a folder of its name there.
   * Without it: `fixtures` in the package's folder.
   */
  readonly fixtures?: string;
  /** The folder of the published row schemas. Without it: `schemas` in the package's folder. */
  readonly schemas?: string;
  /** Options to try the collector with, where its defaults do not do. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Everything that the contract asks of a plugin (a collector, or several), one check after another. Runs nothing yet. */
export function contractChecks(
  plugin: AnyCollector | readonly AnyCollector[],
  options: ContractOptions = {},
): ContractCheck[] {
  const collectors: readonly AnyCollector[] = Array.isArray(plugin) ? plugin : [plugin as AnyCollector];
  return collectors.flatMap((collector) => {
    if (typeof collector?.name !== 'string') return [notACollector(collector)];
    const subject = subjectOf(collector, options, collectors.length > 1);
    const checks = [
      ...definitionChecks(subject),
      ...lifecycleChecks(subject),
      ...goldenChecks(subject),
      ...faultChecks(subject),
      ...packageChecks(subject),
    ];
    return checks.map(([name, run]) => ({ name: `${collector.name}: ${name}`, run: () => inTurn(run) }));
  });
}

function notACollector(value: unknown): ContractCheck {
  const run = async () => assert.deepEqual(checkDefinition(value), [], 'the default export breaks the contract');
  return { name: 'the default export holds the contract', run };
}

let former: Promise<void> = Promise.resolve();

/** They change PATH and count descriptors, which are the process's: a runner may start them all at once. */
function inTurn(run: () => void | Promise<void>): Promise<void> {
  const mine = former.then(run);
  former = mine.catch(() => {});
  return mine;
}

function subjectOf(collector: AnyCollector, given: ContractOptions, isOneOfMany: boolean): Subject {
  const packageDir = given.packageDir === undefined ? findPackageDir(process.cwd()) : resolve(given.packageDir);
  const { readme = join(packageDir, 'README.md'), fixtures = join(packageDir, 'fixtures') } = given;
  const { schemas = join(packageDir, 'schemas'), options = {} } = given;
  const own = join(fixtures, collector.name);
  return {
    collector,
    options,
    packageDir,
    readme: resolve(readme),
    schemaFile: resolve(schemas, `${collector.name}.schema.json`),
    cases: fixtureCases(resolve(isOneOfMany || existsSync(own) ? own : fixtures)),
    isUpdate: process.env.CIS490_UPDATE === '1',
  };
}

function findPackageDir(folder: string): string {
  if (existsSync(join(folder, 'package.json')) || folder === dirname(folder)) return folder;
  return findPackageDir(dirname(folder));
}
