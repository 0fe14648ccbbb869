import { expect, test } from 'vitest';
import { SchemaRegistry } from '../../../src/core/schemas/schema-registry.js';
import { EpisodeReport } from '../../../src/core/validation/report.js';
import { RowTimes } from '../../../src/core/validation/row-times.js';
import { labelsCheck } from '../../../src/core/validation/validate-labels.js';

const ORIGIN = 1_795_458_771_999_999_999n;

test('more labels than a call may have arguments are checked like any', () => {
  const report = new EpisodeReport('x');
  const validate = new SchemaRegistry().document('label');
  const check = labelsCheck('labels.jsonl', validate, new RowTimes(ORIGIN), new Set(['benign']), ['a'], report);
  for (let seq = 0; seq < 200_000; seq++)
    check.line(
      `{"seq":${seq},"t_mono_ns":${seq + 5},"t_wall_ns":${ORIGIN + BigInt(seq + 5)},"phase":"a","label":"benign","source":"schedule","uncertainty_ns":0,"confirmed":null}`,
      seq + 1,
    );
  check.finish();
  expect(report.violations.map(({ message }) => message)).toEqual([
    'the first label begins 5 ns after the origin: before it there is none',
  ]);
});
