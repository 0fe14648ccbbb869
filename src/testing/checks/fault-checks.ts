import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, ScalarField } from '../../core/contract/fields.js';
import { parseJson } from '../../core/json/exact-json.js';
import type { FixtureCase } from '../fixture-case.js';
import { onCase, onSomeMachine, realMachine } from '../machines.js';
import type { Check, Subject } from '../subject.js';
import { probeOn, Trial, type TrialMachine } from '../trial.js';

/** In how many places each file is cut short. */
const CUTS = 24;

/** What a machine may do to a collector that looks at it. */
export function faultChecks(subject: Subject): Check[] {
  const { collector, cases } = subject;
  const vanishes: Check = ['its target may vanish', () => targetVanishes(subject)];
  const captured = collector.kind === 'stream' ? [] : cases.filter(({ frames }) => frames.length === 1);
  return [
    ...(collector.availableInDeployment.value ? [] : [vanishes]),
    ...captured.flatMap((fixture): Check[] => [
      [`"${fixture.name}": files may be missing`, () => filesMissing(subject, fixture)],
      [`"${fixture.name}": files may be cut short`, () => filesCutShort(subject, fixture)],
    ]),
  ];
}

/** It ends between two samples: null, an error or a last row are all right; a hang or an invalid row is not. */
async function targetVanishes(subject: Subject): Promise<void> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const end = async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  try {
    const machine = realMachine(subject, child.pid!);
    const { status } = await probeOn(subject.collector, machine);
    if (status !== 'unavailable') return await outlive(subject, machine, end);
  } finally {
    await end();
  }
  await onSomeMachine(subject, ({ machine, fixture }) =>
    outlive(subject, machine, async () => fixture?.files.forEach((path) => void fixture.remove(path))),
  );
}

async function outlive({ collector }: Subject, machine: TrialMachine, end: () => Promise<void>): Promise<void> {
  const trial = await Trial.create(collector, machine);
  try {
    await trial.start();
    await trial.sample(0);
    await end();
    for (const tick of [1, 2]) await trial.sample(tick).catch(requireError);
  } finally {
    await trial.stop();
    trial.close();
  }
  trial.requireValidRows();
}

async function filesMissing(subject: Subject, fixture: FixtureCase): Promise<void> {
  await onCase(fixture, async ({ machine, fixture: files, show }) => {
    for (const path of files!.files) {
      show(0);
      files!.remove(path);
      await sampleOnce(subject, machine);
    }
  });
}

/** Whatever is left of a file: no invalid row, and no number that was cut in two. */
async function filesCutShort(subject: Subject, fixture: FixtureCase): Promise<void> {
  await onCase(fixture, async ({ machine, fixture: files, show }) => {
    const whole = await sampleOnce(subject, machine);
    for (const path of files!.files) {
      const content = readFileSync(join(files!.root, path));
      for (const length of cutsOf(content)) {
        files!.write(path, content.subarray(0, length));
        const rows = await sampleOnce(subject, machine);
        if (subject.collector.kind === 'files')
          requireWholeNumbers(subject, whole[0], rows[0], `${path} cut at ${length}`);
      }
      show(0);
    }
  });
}

function cutsOf(content: Uint8Array): number[] {
  const last = content.length - 1;
  const spread = Array.from({ length: CUTS }, (_, i) => Math.floor((i * last) / CUTS));
  return [...new Set([...spread, last, last - 1].filter((length) => length >= 0))];
}

async function sampleOnce({ collector }: Subject, machine: TrialMachine): Promise<Record<string, unknown>[]> {
  const trial = await Trial.create(collector, machine).catch(requireError);
  if (trial === undefined) return [];
  try {
    await trial.start();
    await trial.sample(0);
  } catch (error) {
    requireError(error);
  } finally {
    await trial.stop();
    trial.close();
  }
  trial.requireValidRows();
  return trial.rows.map((row) => parseJson(row) as Record<string, unknown>);
}

function requireWholeNumbers(
  { collector }: Subject,
  whole: Record<string, unknown> | undefined,
  row: Record<string, unknown> | undefined,
  where: string,
): void {
  for (const [name, field] of Object.entries(collector.fields as Fields)) {
    if (field.type === 'array' || !isReading(field) || row === undefined) continue;
    const value = row[name];
    assert.ok(
      value === null || value === whole?.[name],
      `${where}: ${name} is ${value}, and ${whole?.[name]} where the file is whole; it must be that or null`,
    );
  }
}

/** Totals over instances are smaller where fewer of those are told, and say so. */
const isReading = ({ kind, type, mayDecrease }: ScalarField) =>
  type === 'integer' && (kind === 'counter' || kind === 'gauge') && mayDecrease !== true;

function requireError(error: unknown): undefined {
  assert.ok(error instanceof Error, `it throws ${String(error)}, which is no Error`);
  assert.ok(!(error instanceof assert.AssertionError), error);
  assert.doesNotMatch(error.message, /did not end within/);
}
