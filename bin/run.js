#!/usr/bin/env node
import { createRequire } from 'node:module';

const [first, ...rest] = process.argv.slice(2);
if ((first === '--version' || first === '-v') && rest.length === 0) {
  // loading oclif would take three times as long as starting node
  const { name, version } = createRequire(import.meta.url)('../package.json');
  process.stdout.write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  const { main } = await import('../dist/cli/main.js');
  await main(import.meta.url);
}
