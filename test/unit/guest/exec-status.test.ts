import fc from 'fast-check';
import { expect, test } from 'vitest';
import { execStatusOf } from '../../../src/core/guest/exec-status.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a process that runs has neither exit nor output', () => {
  expect(execStatusOf({ exited: false })).toMatchObject({ exit: null, truncated: 0 });
});

test('one that has ended has its code, its signal and its output', () => {
  const status = execStatusOf({ exited: true, exitcode: 3, 'out-data': base64('out'), 'err-data': base64('err') })!;
  expect(status.exit).toEqual({ code: 3, signal: null });
  expect([status.stdout, status.stderr].map(String)).toEqual(['out', 'err']);
  expect(execStatusOf({ exited: true, signal: 15 })!.exit).toEqual({ code: null, signal: 'SIGTERM' });
  expect(execStatusOf({ exited: true, signal: 34 })!.exit).toEqual({ code: null, signal: 'SIG34' });
  expect(execStatusOf({ exited: true, 'out-truncated': true, 'err-truncated': 'yes' })!.truncated).toBe(1);
});

test.each([-1, 256, 1.5, 1e300, Number.POSITIVE_INFINITY, '0', {}, [0], null, true])(
  'a process can not end with %s: its code and its signal are unknown then',
  (number) => {
    const wrong = { exited: true, exitcode: number, signal: number === true ? true : number };
    expect(execStatusOf(wrong)!.exit).toEqual({ code: null, signal: null });
  },
);

test.each([null, undefined, 1, 'exited', [], {}, { exited: 'true' }, { exited: 1 }, { exited: false, 'out-data': '' }])(
  'the status %j makes no sense',
  (value) => expect(execStatusOf(value)).toBe(null),
);

test('whatever JSON can hold, a status is of the kinds it says, or none', () => {
  const part = fc.oneof(fc.jsonValue(), fc.boolean(), fc.integer(), fc.double());
  const any = fc.oneof(
    fc.jsonValue(),
    fc.record({
      exited: part,
      exitcode: part,
      signal: part,
      'out-data': part,
      'err-data': part,
      'out-truncated': part,
    }),
  );
  fc.assert(
    fc.property(any, (value) => {
      const status = execStatusOf(value);
      if (status === null) return true;
      const { exit, stdout, truncated } = status;
      const isCode = exit === null || exit.code === null || (exit.code >= 0 && exit.code <= 255);
      return (
        isCode && /^(?:SIG\w+|null|undefined)$/.test(String(exit?.signal)) && Buffer.isBuffer(stdout) && truncated < 3
      );
    }),
  );
});
