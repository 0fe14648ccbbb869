import { expect } from 'vitest';
import { labImage, labTest } from '../support/lab.js';
import { phase, shell, startLabEpisode } from '../support/lab-episode.js';

const COLLECTORS = Object.fromEntries(
  ['host_proc', 'host_threads', 'qmp', 'system'].map((name) => [name, { interval: '500ms' }]),
);
const WRITE = 'exec dd if=/dev/zero of=/dev/vda bs=1M count=8 oflag=direct';

interface Thread {
  readonly tid: number;
  readonly name: string;
  readonly vcpu: number | null;
}

labTest(
  'a machine is seen by its monitor, its threads and from inside, and meta.json says what booted',
  async (context) => {
    const { manifest } = await labImage(context);
    const phases = [shell('write', 20, WRITE, { oneshot: true }), phase('idle', 2)];
    const episode = await startLabEpisode(context, { target: { cpus: 2 }, phases, collectors: COLLECTORS });
    const { code, stderr } = await episode.ended();
    expect(code, stderr).toBe(0);
    expect(episode.meta.target.machine).toMatchObject({ files: { image: manifest }, start: { random: 'reseeded' } });

    const [first, last] = [episode.rows('qmp')[0], episode.rows('qmp').at(-1)];
    expect(last.balloon_actual_bytes).toBe(256 * 1024 * 1024);
    const written = (row: typeof first) =>
      row.blocks.find(({ name }: { name: string }) => /scratch/.test(name))?.write_bytes;
    expect(written(last) - written(first)).toBeGreaterThan(0);
    expect(written(last)).toBe(8 * 1024 * 1024);

    const threads: Thread[] = episode.rows('host_threads').at(-1).threads;
    const vcpus = threads.filter(({ vcpu }) => vcpu !== null);
    expect(vcpus.map(({ vcpu, name }) => [vcpu, name])).toEqual([
      [0, 'CPU 0/TCG'],
      [1, 'CPU 1/TCG'],
    ]);
    const told = last.vcpus.map(({ vcpu, tid }: Thread) => [vcpu, tid]);
    expect(told).toEqual(vcpus.map(({ vcpu, tid }) => [vcpu, tid]));
    expect(episode.rows('system').at(-1).cpus).toHaveLength(2);
  },
);
