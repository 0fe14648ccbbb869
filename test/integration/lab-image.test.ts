import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect } from 'vitest';
import { buildImage } from '../../src/core/lab/image/build-image.js';
import { sha256 } from '../../src/core/lab/image/image-id.js';
import { type LabImage, readImage } from '../../src/core/lab/image/read-image.js';
import { bootImage, bootSector } from '../../src/core/lab/probe/trial-boot.js';
import { unprivilegedUser } from '../../src/core/vm/system-user.js';
import { BIN, cli, startCli, temporaryFolder } from '../support/cli.js';
import { bootGuest } from '../support/guest.js';
import { describeLab, labImage, labTest, leftOut, orLeftOut } from '../support/lab.js';

const hashes = ({ manifest: { kernel, initrd } }: LabImage) => [kernel.sha256, initrd.sha256];

labTest('builds in different folders, by two at once and by force give the same bytes', async (context) => {
  const [one, other] = [temporaryFolder(), temporaryFolder()];
  const steps: string[] = [];
  const options = { lab: one, version: '1.2.3' };
  const builds = await orLeftOut(context, () => Promise.all([buildImage(options), buildImage(options)]));
  expect(builds[0].folder).toBe(builds[1].folder);
  expect(new Set(readdirSync(join(one, 'images')))).toEqual(new Set([builds[0].manifest.id, 'current']));
  expect(readlinkSync(join(one, 'images/current'))).toBe(builds[0].manifest.id);

  const elsewhere = await buildImage({ lab: other, version: '1.2.3' });
  expect(elsewhere.manifest).toEqual(builds[0].manifest);

  const again = await buildImage({ ...options, onStep: (step) => steps.push(step) });
  expect(again).toMatchObject({ cached: true, manifest: elsewhere.manifest });
  expect(steps).toHaveLength(1);

  // what was damaged is made anew
  truncateSync(again.initrdPath, 1000);
  expect(() => readImage(again.folder)).toThrow(/has 1000 bytes where its manifest says/);
  const { cached, ...mended } = await buildImage(options);
  expect([cached, hashes(mended)]).toEqual([false, hashes(elsewhere)]);

  const forced = await buildImage({ ...options, force: true });
  expect([forced.cached, hashes(forced)]).toEqual([false, hashes(elsewhere)]);
});

labTest('an image that comes out differently is an error, and the former one stays', async (context) => {
  const lab = temporaryFolder();
  const { folder, manifest, initrdPath } = await orLeftOut(context, () => buildImage({ lab, version: '1.2.3' }));
  const other = Buffer.from('of another cpio');
  writeFileSync(initrdPath, other);
  const initrd = { ...manifest.initrd, bytes: other.length, sha256: sha256(other) };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, initrd }));
  const { code, stdout, stderr } = await startCli(['lab', 'build', '--force', '--json'], { env: { CIS490_LAB: lab } })
    .outcome;
  expect(code, stderr).toBe(1);
  expect(JSON.parse(stdout).error).toMatchObject({ code: 'LAB_NOT_REPRODUCIBLE' });
  expect(JSON.parse(stdout).error.problems[0]).toContain(initrd.sha256);
  expect(readImage(folder).manifest.initrd).toEqual(initrd);
});

labTest('whoever is not root can build', async (context) => {
  if (process.getuid?.() !== 0) {
    // then all the other builds here are such ones
    return;
  }
  const lab = temporaryFolder();
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;
  spawnSync('chown', ['65534:65534', lab]);
  if (spawnSync(nobody[0], [...nobody.slice(1), process.execPath, BIN, '--version']).status !== 0)
    return leftOut(`"${context.task.name}"`, `nobody can not read ${BIN}`);
  const built = spawnSync(nobody[0], [...nobody.slice(1), process.execPath, BIN, 'lab', 'build', '--json'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, CIS490_LAB: lab, HOME: lab },
  });
  expect(built.status, built.stderr).toBe(0);
  const own = await orLeftOut(context, () => buildImage({ lab: temporaryFolder(), version: '1.2.3' }));
  expect(hashes(JSON.parse(built.stdout))).toEqual(hashes(own));
});

describeLab('the guest', () => {
  let image: LabImage;
  beforeEach(async (context) => {
    image = await labImage(context);
  }, 240_000);

  labTest('answers, runs stress-ng, and shows what the collectors read', async () => {
    const guest = await bootGuest(image);
    expect(await guest.call('guest-ping')).toEqual({});
    const stress = await guest.sh('stress-ng --cpu 1 --timeout 1');
    expect(stress.stderr + stress.stdout).toMatch(/successful run completed/);
    expect(stress.code).toBe(0);
    const files = [
      'stat',
      'meminfo',
      'vmstat',
      'loadavg',
      'diskstats',
      'net/dev',
      'pressure/cpu',
      'pressure/io',
      'pressure/memory',
    ];
    for (const file of files) expect(await guest.sh(`cat /proc/${file}`), file).toMatchObject({ code: 0, stderr: '' });
    expect((await guest.sh('cat /proc/pressure/cpu')).stdout).toMatch(/^some avg10=/);
    expect((await guest.sh('cat /sys/fs/cgroup/cgroup.controllers')).stdout).toContain('memory');
    expect((await guest.sh('hwclock')).code).toBe(0);
    expect((await guest.sh('echo $PATH')).stdout.trim().split(':').sort()).toEqual([
      '/bin',
      '/sbin',
      '/usr/bin',
      '/usr/sbin',
    ]);
    expect((await guest.sh('exec /bin/grep SigIgn /proc/self/status')).stdout.trim()).toMatch(/\t0{16}$/);
  });

  labTest('runs nothing of its own but init and the agent, which comes back when it is killed', async () => {
    const guest = await bootGuest(image);
    const programs = async () =>
      (await guest.sh("for p in /proc/[0-9]*; do tr '\\0' ' ' 2>/dev/null <$p/cmdline | cut -d ' ' -f 1; done")).stdout
        .split('\n')
        .filter((line) => line !== '' && !/sh$/.test(line));
    const names = await programs();
    expect(names.filter((name) => /busybox|qemu-ga/.test(name)).sort()).toEqual(['/bin/busybox', '/usr/sbin/qemu-ga']);
    expect(names.filter((name) => !/busybox|qemu-ga|^tr$|^cut$/.test(name))).toEqual([]);
    await guest.call('guest-exec', { path: '/bin/sh', arg: ['-c', 'kill -KILL $(pidof qemu-ga)'] });
    await guest.sawEvent('VSERPORT_CHANGE'); // closed
    await guest.sawEvent('VSERPORT_CHANGE'); // open
    expect(await guest.call('guest-ping')).toEqual({});
  });

  labTest('lab-scratch makes a file system of an empty disk, and says why it can not', async () => {
    const disk = join(temporaryFolder(), 'disk');
    writeFileSync(disk, '');
    truncateSync(disk, 256 * 1024 * 1024);
    const guest = await bootGuest(image, [
      '-drive',
      `file=${disk},if=none,id=d,format=raw`,
      '-device',
      'virtio-blk-pci,drive=d',
    ]);
    expect((await guest.sh('mount')).stdout).not.toContain('/dev/vda');
    expect(await guest.sh('lab-scratch /dev/vdb')).toMatchObject({
      code: 1,
      stderr: 'lab-scratch: there is no block device /dev/vdb; give the machine a disk\n',
    });
    expect(await guest.sh('lab-scratch')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await guest.sh('dd if=/dev/urandom of=/scratch/file bs=1M count=8 && sync && df /scratch')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\/dev\/vda +2\d{5} /),
    });
    expect((await guest.sh('lab-scratch')).stderr).toBe('lab-scratch: /scratch is mounted already\n');
  });

  labTest('lab-net brings up its interfaces, with an address or by DHCP, and says why it can not', async () => {
    const bare = await bootGuest(image);
    expect(await bare.sh('lab-net dhcp')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no network interface'),
    });
    const guest = await bootGuest(image, [
      '-netdev',
      // nothing is restricted, or its DHCP server would tell neither a router nor a name server
      'user,id=n,net=10.77.0.0/24',
      '-device',
      'virtio-net-pci,netdev=n',
    ]);
    expect(await guest.sh('lab-net 10.77.0.9')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"10.77.0.9" is no ADDRESS/PREFIX'),
    });
    expect(await guest.sh('lab-net 10.77.0.9/24 10.77.0.2')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await guest.sh('ip -4 addr show eth0')).stdout).toContain('inet 10.77.0.9/24');
    expect((await guest.sh('ip route')).stdout).toContain('default via 10.77.0.2 dev eth0');
    expect(await guest.sh('lab-net dhcp')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await guest.sh('ip -4 addr show eth0')).stdout).toContain('inet 10.77.0.15/24');
    expect((await guest.sh('cat /etc/resolv.conf')).stdout).toBe('nameserver 10.77.0.3\n');
  });

  labTest('a panic reaches the host, and a shutdown by the agent ends the machine', async () => {
    const panicking = await bootGuest(image);
    void panicking.call('guest-exec', { path: '/bin/sh', arg: ['-c', 'echo c >/proc/sysrq-trigger'] }).catch(() => {}); // no reply comes, or a late one
    await panicking.sawEvent('GUEST_PANICKED');
    await panicking.exited;
    const guest = await bootGuest(image);
    void guest.call('guest-shutdown').catch(() => {}); // no reply comes
    await guest.sawEvent('SHUTDOWN');
    await guest.exited;
  });
});

labTest('a trial boot tells a guest that comes up from one that does not', async (context) => {
  const { kernelPath, initrdPath, manifest } = await labImage(context);
  const options = {
    qemu: '/usr/bin/qemu-system-x86_64',
    accel: 'tcg',
    user: unprivilegedUser(),
    timeoutMs: 60_000,
  } as const;
  expect(await bootSector(options)).toMatchObject({ isBooted: true });
  expect(await bootImage({ ...options, image: { folder: '/', kernelPath, initrdPath, manifest } })).toMatchObject({
    isBooted: true,
  });
  const broken = join(temporaryFolder(), 'initrd');
  writeFileSync(broken, 'no archive');
  expect(
    await bootImage({ ...options, image: { folder: '/', kernelPath, initrdPath: broken, manifest } }),
  ).toMatchObject({ isBooted: false, isLate: false });
});

labTest('the command tells what there is, and probe that it can be used', async (context) => {
  await labImage(context);
  const build = await cli('lab', 'build', '--json');
  expect(build.code, build.stderr).toBe(0);
  expect(JSON.parse(build.stdout).cached).toBe(true);
  expect(build.stderr).toBe("reading apt's index ...\n");
  expect((await cli('lab', 'build')).stdout).toContain(`image ${JSON.parse(build.stdout).manifest.id}`);
  const probe = await cli('lab', 'probe', '--json');
  expect(probe.code, probe.stderr).toBe(0);
  const lacking = await startCli(['lab', 'probe', '--json'], { env: { CIS490_LAB: temporaryFolder() } }).outcome;
  expect(lacking.code).toBe(4);
  const { items, can_record } = JSON.parse(lacking.stdout);
  expect(can_record).toBe(false);
  const missing = items.find(({ name }: { name: string }) => name === 'image');
  expect(missing).toMatchObject({ status: 'unavailable', remedy: expect.stringContaining('cis490 lab build') });
});
