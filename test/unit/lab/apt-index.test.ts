import { expect, test } from 'vitest';
import { parseAptShow } from '../../../src/core/lab/image/apt-index.js';

const hash = 'ab'.repeat(32);

test('reads what apt-cache show prints: the best version first, continued lines left aside', () => {
  const text = `Package: linux-image-cloud-amd64
Source: linux-signed-amd64 (6.1.192+2)
Version: 6.1.192-2
Architecture: amd64
Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2), libc6 (>= 2.34) | musl, foo:any
Description: Linux for x86-64 cloud (meta-package)
 Package: none
SHA256: ${hash}

Package: linux-image-cloud-amd64
Version: 6.1.176-1
Architecture: amd64
SHA256: ${hash}
`;
  expect(parseAptShow(text)).toEqual([
    {
      name: 'linux-image-cloud-amd64',
      version: '6.1.192-2',
      architecture: 'amd64',
      sha256: hash,
      depends: ['linux-image-6.1.0-56-cloud-amd64', 'libc6', 'foo'],
    },
    { name: 'linux-image-cloud-amd64', version: '6.1.176-1', architecture: 'amd64', sha256: hash, depends: [] },
  ]);
});

test('a package that is installed, and in no index, can not be downloaded and is left out', () => {
  expect(parseAptShow('Package: busybox\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n')).toEqual([]);
  expect(parseAptShow('Package: busybox\nVersion: 1\nArchitecture: amd64\nSHA256: abc\n')).toEqual([]);
});
