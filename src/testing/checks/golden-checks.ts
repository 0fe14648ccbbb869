import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { FixtureCase } from '../fixture-case.js';
import { onCase } from '../machines.js';
import type { Check, Subject } from '../subject.js';
import { Trial } from '../trial.js';
import { comesTrue } from '../within.js';

/** A stream that says nothing for so long has said all. */
const QUIET_MS = 1_000;
/** One that never is, is listened to for so many times that. */
const MAX_ROUNDS = 5;

/** Each captured machine gives the rows that it gave before. */
export function goldenChecks(subject: Subject): Check[] {
  return subject.cases.map((fixture) => [`"${fixture.name}": rows are as expected`, () => isGolden(subject, fixture)]);
}

async function isGolden(subject: Subject, fixture: FixtureCase): Promise<void> {
  const { expected: path } = fixture;
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : null;
  assert.ok(
    subject.isUpdate || expected !== null,
    `${path} is missing; run the tests with CIS490_UPDATE=1 to write it, and look whether it is right`,
  );
  const rows = await replay(subject, fixture, subject.isUpdate ? null : expected);
  const actual = rows.map((row) => `${row}\n`).join('');
  if (subject.isUpdate) writeFileSync(path, actual);
  else
    assert.equal(
      actual,
      expected,
      `the rows differ from ${path}; if they are right, run the tests with CIS490_UPDATE=1`,
    );
}

/** One tick a frame; a stream is listened to until it has said as much as is expected. */
async function replay({ collector }: Subject, fixture: FixtureCase, expected: string | null): Promise<string[]> {
  return onCase(fixture, async ({ machine, show }) => {
    const trial = await Trial.create(collector, machine);
    try {
      await trial.start();
      if (collector.kind === 'stream') await untilSaid(trial, expected);
      else
        for (const tick of fixture.frames.keys()) {
          show(tick);
          await trial.sample(tick);
        }
    } finally {
      await trial.stop();
      trial.close();
    }
    trial.requireValidRows();
    return trial.rows;
  });
}

async function untilSaid(trial: Trial, expected: string | null): Promise<void> {
  if (expected !== null) {
    await comesTrue(() => trial.rows.length >= expected.split('\n').length - 1);
    return;
  }
  for (let seen = -1, rounds = 0; seen !== trial.rows.length && rounds < MAX_ROUNDS; rounds++) {
    seen = trial.rows.length;
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
}
