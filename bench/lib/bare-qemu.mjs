import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { start } from './children.mjs';

const PORT = 'org.qemu.guest_agent.0';

/** What a script of a few lines would do: QEMU with the same image, its agent asked as soon as it is there. Milliseconds to its first answer. */
export async function bootBare({ folder, image }) {
  const run = mkdtempSync(join(folder, 'bare-'));
  const { kernel, initrd, append } = JSON.parse(readFileSync(join(image, 'manifest.json'), 'utf8'));
  const before = process.hrtime.bigint();
  const qemu = start('qemu-system-x86_64', [
    ...['-M', 'q35,accel=tcg', '-cpu', 'qemu64', '-m', '256', '-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-nic', 'none', '-no-reboot', '-kernel', join(image, kernel.file), '-initrd', join(image, initrd.file)],
    ...['-append', append, '-serial', `file:${join(run, 'console.log')}`],
    ...['-qmp', `unix:${join(run, 'qmp.sock')},server=on,wait=off`, '-device', 'virtio-serial-pci'],
    ...['-chardev', `socket,path=${join(run, 'agent.sock')},server=on,wait=off,id=agent`],
    ...['-device', `virtserialport,id=agentport,chardev=agent,name=${PORT}`],
    ...['-device', 'virtio-balloon-pci', '-device', 'virtio-rng-pci', '-device', 'pvpanic-pci'],
  ]);
  try {
    await untilAgentOpens(await connect(join(run, 'qmp.sock')));
    const agent = await connect(join(run, 'agent.sock'));
    agent.write('{"execute":"guest-sync","arguments":{"id":490}}\n');
    for await (const line of createInterface(agent)) if (JSON.parse(line).return === 490) break;
    return Number(process.hrtime.bigint() - before) / 1e6;
  } finally {
    qemu.kill('SIGKILL');
    await once(qemu, 'close');
  }
}

async function untilAgentOpens(monitor) {
  monitor.write('{"execute":"qmp_capabilities"}\n');
  for await (const line of createInterface(monitor)) {
    const { event, data } = JSON.parse(line);
    if (event === 'VSERPORT_CHANGE' && data.open) break;
  }
  monitor.destroy();
}

async function connect(path) {
  for (;;) {
    const socket = createConnection(path);
    const isConnected = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    if (isConnected) return socket;
    await delay(5);
  }
}
