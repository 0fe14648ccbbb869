import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ImageStore } from '../../../src/core/lab/image/image-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const sha256 = 'ab'.repeat(32);
const MANIFEST = {
  schema_version: 1,
  id: '0123456789abcdef',
  recipe_version: 1,
  created_by: { name: 'cis490', version: '1.0.0' },
  kernel: { release: '6.1.0', file: 'vmlinuz', bytes: 6, sha256 },
  initrd: { file: 'initrd', bytes: 5, sha256 },
  packages: [{ name: 'libc6', version: '2.36', architecture: 'amd64', sha256 }],
  append: 'quiet',
  agent_port: 'org.qemu.guest_agent.0',
};

test('what guests boot can be written by its owner alone, whatever the umask', async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const lab = join(temporaryFolder(), 'a/lab');
  const { folder } = await new ImageStore(lab).add(MANIFEST.id, async (draft) => {
    const image = join(draft, 'image');
    mkdirSync(image);
    for (const [name, content] of Object.entries({
      'manifest.json': JSON.stringify(MANIFEST),
      vmlinuz: 'kernel',
      initrd: 'files',
    }))
      writeFileSync(join(image, name), content, { mode: 0o666 });
    return image;
  });
  const all = [
    join(lab, '..'),
    lab,
    join(lab, 'images'),
    folder,
    ...readdirSync(folder).map((name) => join(folder, name)),
  ];
  expect(all).toHaveLength(7);
  for (const path of all) expect(statSync(path).mode & 0o022, path).toBe(0);
});
