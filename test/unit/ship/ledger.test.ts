import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SchemaRegistry } from '../../../src/core/schemas/schema-registry.js';
import { LEDGER, Ledger, type LedgerLine } from '../../../src/core/ship/ledger.js';
import { temporaryFolder } from '../../support/cli.js';

const SHA = 'ab'.repeat(32);
const LINE: LedgerLine = {
  id: '01M8K4ZCJJQBE3BE973NKZPMGR',
  to: '/mnt/share',
  options: {},
  address: null,
  marker_sha256: SHA,
  compression: null,
  files: 6,
  bytes: 42_944,
  shipped_realtime_ns: 1_795_939_089_327_000_001n,
};

function newLedger() {
  const folder = temporaryFolder();
  return { folder, path: join(folder, LEDGER), ledger: new Ledger(folder, new SchemaRegistry().document('shipped')) };
}
/** As another run would see it. */
async function hasLine(folder: string, line: LedgerLine): Promise<boolean> {
  const ledger = new Ledger(folder, new SchemaRegistry().document('shipped'));
  await ledger.refresh();
  return ledger.has(line, line.id, line.marker_sha256);
}

test('what was appended is found again, by address, id and marker', async () => {
  const { ledger, path, folder } = newLedger();
  expect(await hasLine(folder, LINE)).toBe(false);
  ledger.append(LINE);
  expect(ledger.has(LINE, LINE.id, SHA)).toBe(true);
  expect(readFileSync(path, 'utf8')).toContain('"shipped_realtime_ns":1795939089327000001');
  expect(await hasLine(folder, LINE)).toBe(true);
  for (const other of [
    { ...LINE, to: '/mnt/other' },
    { ...LINE, options: { endpoint: 'http://x' } },
    { ...LINE, address: 'http://x' },
    { ...LINE, marker_sha256: 'cd'.repeat(32) },
    { ...LINE, id: '01M8K4ZD9PDPWSX5JAT2SKMXAH' },
  ])
    expect(await hasLine(folder, other)).toBe(false);
});

test('the order of the options does not matter', async () => {
  const { ledger, folder } = newLedger();
  ledger.append({ ...LINE, options: { a: 1, b: 2 } });
  expect(await hasLine(folder, { ...LINE, options: { b: 2, a: 1 } })).toBe(true);
});

test('half a line that a crash has left is cut off by the next one', async () => {
  const { ledger, path } = newLedger();
  ledger.append(LINE);
  const whole = readFileSync(path, 'utf8');
  appendFileSync(path, '{"id":"01M8');
  ledger.append(LINE);
  expect(readFileSync(path, 'utf8')).toBe(whole + whole);
});

test('lines that are none tell nothing, and hide nothing', async () => {
  const { ledger, path, folder } = newLedger();
  writeFileSync(path, 'no json\n{"id":"x"}\n\n[]\n{"to":"/mnt/share"}\n');
  ledger.append(LINE);
  expect(await hasLine(folder, LINE)).toBe(true);
});

test('what other runs add is seen by the next look, each line once, and one that is still being written not yet', async () => {
  const { ledger, path, folder } = newLedger();
  const [first, second] = [LINE, { ...LINE, id: '01M8K4ZD9PDPWSX5JAT2SKMXAH' }];
  new Ledger(folder, new SchemaRegistry().document('shipped')).append(first);
  await ledger.refresh();
  expect([first, second].map(({ id }) => ledger.has(LINE, id))).toEqual([true, false]);
  const whole = readFileSync(path, 'utf8').replace(first.id, second.id);
  appendFileSync(path, whole.slice(0, 50));
  await ledger.refresh();
  expect(ledger.has(LINE, second.id)).toBe(false);
  appendFileSync(path, whole.slice(50));
  await ledger.refresh();
  expect(ledger.has(LINE, second.id)).toBe(true);
});

test('many looks at once read each line once', async () => {
  const { ledger, path } = newLedger();
  new Ledger(join(path, '..'), new SchemaRegistry().document('shipped')).append(LINE);
  await Promise.all([ledger.refresh(), ledger.refresh(), ledger.refresh()]);
  writeFileSync(
    path,
    readFileSync(path, 'utf8') + readFileSync(path, 'utf8').replace(LINE.id, '01M8K4ZD9PDPWSX5JAT2SKMXAH'),
  );
  await ledger.refresh();
  expect(ledger.has(LINE, '01M8K4ZD9PDPWSX5JAT2SKMXAH')).toBe(true);
});

test('a link in its place is not followed', () => {
  const { ledger, path, folder } = newLedger();
  writeFileSync(join(folder, 'elsewhere'), '');
  symlinkSync(join(folder, 'elsewhere'), path);
  expect(() => ledger.append(LINE)).toThrow(/ELOOP/);
  expect(readFileSync(join(folder, 'elsewhere'), 'utf8')).toBe('');
});
