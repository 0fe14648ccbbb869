import type { BuiltImage } from '../core/lab/image/build-image.js';
import type { LabProbe } from '../core/lab/probe/probe-lab.js';
import { sanitize } from './sanitize.js';

/** schemas/results/lab-build.schema.json */
export function buildDocument({ folder, manifest, cached }: BuiltImage) {
  return { cached, folder, manifest };
}

export function buildText({ folder, manifest: { id, kernel, initrd, packages }, cached }: BuiltImage): string {
  const size = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return sanitize(
    [
      `image ${id}${cached ? ', which was there already' : ''}\n`,
      `  kernel  ${kernel.release}, ${size(kernel.bytes)}\n`,
      `  initrd  ${packages.length} packages, ${size(initrd.bytes)}\n`,
      `  in      ${folder}\n`,
    ].join(''),
  );
}

/** schemas/results/lab-probe.schema.json */
export function labProbeDocument({ canRecord, items }: LabProbe) {
  return { can_record: canRecord, items };
}

export function labProbeText({ canRecord, items }: LabProbe): string {
  const lines = items.map(({ name, status, reason, remedy, detail }) => {
    const why = [reason, detail].filter((text) => text !== null).join('; ');
    return `${name}: ${status}${why === '' ? '' : `: ${why}`}\n${remedy === null ? '' : `  ${remedy}\n`}`;
  });
  const verdict = `\nAn episode with a virtual machine ${canRecord ? 'can' : 'can not'} be recorded here.\n`;
  return sanitize(lines.join('') + verdict);
}
