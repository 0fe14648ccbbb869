/**
 * The program's commands, many in one process: to start one for each of a thousand cases would take ten minutes. It is
 * asked by messages {argv}, and answers {code, stdout, stderr}.
 */
import { fileURLToPath } from 'node:url';
import { Config } from '@oclif/core';
import { COMMANDS } from '../../../dist/cli/commands.js';

const config = await Config.load(fileURLToPath(new URL('../../../', import.meta.url)));
const printed = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr']) {
  process[name].write = (chunk) => {
    printed[name] += chunk;
    return true;
  };
}

process.on('message', async ({ argv }) => {
  const [id, rest] = argv[0] in COMMANDS ? [argv[0], argv.slice(1)] : [argv.slice(0, 2).join(':'), argv.slice(2)];
  Object.assign(printed, { stdout: '', stderr: '' });
  process.exitCode = undefined;
  await COMMANDS[id].run(rest, config);
  const code = process.exitCode ?? 0;
  process.exitCode = undefined;
  process.send({ ...printed, code });
});
process.send('ready');
