import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const S3_PROGRAM = fileURLToPath(new URL('./s3-server.mjs', import.meta.url));

/** An s3rver in a process of its own, with the bucket "episodes": its memory is not ours. Each answer takes `roundTripMs` more. */
export async function startS3(folder, roundTripMs = 0) {
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [S3_PROGRAM, folder, `${roundTripMs}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const env = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };
  return { endpoint: String(line).trim(), env, stop: () => ended(child) };
}

/** An sshd on the loopback interface that lets in one key. `ssh` is the command line of a client. */
export async function startSshd(folder) {
  mkdirSync(folder, { recursive: true });
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const port = await freePort();
  writeFileSync(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${readFileSync(join(folder, 'host.pub'), 'utf8')}`);
  const config = {
    ...{ ListenAddress: `127.0.0.1:${port}`, HostKey: join(folder, 'host'), PidFile: 'none', StrictModes: 'no' },
    ...{ AuthorizedKeysFile: join(folder, 'user.pub'), UsePAM: 'no', PasswordAuthentication: 'no', MaxStartups: '100' },
  };
  const text = Object.entries(config).map(([key, value]) => `${key} ${value}\n`);
  writeFileSync(join(folder, 'config'), text.join(''));
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'config')]);
  await once(child.stderr, 'data');
  const identity = join(folder, 'user');
  const known = join(folder, 'known_hosts');
  return {
    ...{ port, identity, known, stop: () => ended(child) },
    ssh: `ssh -p ${port} -i ${identity} -o BatchMode=yes -o UserKnownHostsFile=${known}`,
  };
}

async function ended(child) {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
