/**
 * What the guest is made of. Whatever changes the bytes of an image without being in its packages, guest files or
 * the lists below, as a change of how they are laid out, has to raise the version: all of it is part of the image's id.
 */
export const RECIPE_VERSION = 1;

export const ARCHITECTURE = 'amd64';

/** The programs that make an image. */
export const BUILD_TOOLS = ['apt-cache', 'apt-get', 'dpkg-deb', 'cpio'] as const;

/** Its one dependency `linux-image-<release>` is the kernel. */
export const KERNEL_METAPACKAGE = 'linux-image-cloud-amd64';

/**
 * The port on which the guest's agent listens, as QEMU's `virtserialport` has to name it.
 */
export const AGENT_PORT = 'org.qemu.guest_agent.0';

/**
 * `panic=-1`: a panic resets at once, which with `-no-reboot` ends QEMU. `psi=1`: Debian's kernel has pressure stall
 * information, switched off. `cryptomgr.notests`: the kernel need not try its ciphers at each boot (0.35 s of about 4 s
 * under emulation).
 */
export const KERNEL_APPEND = 'console=ttyS0 quiet panic=-1 psi=1 cryptomgr.notests';

/** Packages beside the kernel, of Debian 12. The libraries are what agent and stress-ng are linked with, and no more. */
export const PACKAGES = [
  'busybox-static',
  'qemu-guest-agent',
  'stress-ng',
  'libapparmor1',
  'libbsd0',
  'libc6',
  'libcrypt1',
  'libdrm2',
  'libegl1',
  'libexpat1',
  'libffi8',
  'libgbm1',
  'libgcc-s1',
  'libgles2',
  'libglib2.0-0',
  'libglvnd0',
  'libipsec-mb1',
  'libjpeg62-turbo',
  'libjudydebian1',
  'libkmod2',
  'liblzma5',
  'libmd0',
  'libnuma1',
  'libpcre2-8-0',
  'libsctp1',
  'libssl3',
  'libudev1',
  'liburing2',
  'libwayland-server0',
  'libxxhash0',
  'libzstd1',
  'perl-base',
  'zlib1g',
] as const;

/** Files of those packages that go into the guest as they are. Perl can call ioctl(2): a restored guest's random generator is reseeded by it. */
export const PROGRAMS = ['bin/busybox', 'usr/bin/perl', 'usr/bin/stress-ng', 'usr/sbin/qemu-ga'] as const;

/**
 * Shared libraries by the names that the loader asks for. Of packages with several only these are taken, of others none:
 * the guest has 256 MiB, and its files are in them.
 */
export const LIBRARIES = [
  'ld-linux-x86-64.so.2',
  'libEGL.so.1',
  'libGLESv2.so.2',
  'libGLdispatch.so.0',
  'libIPSec_MB.so.1',
  'libJudy.so.1',
  'libapparmor.so.1',
  'libbsd.so.0',
  'libc.so.6',
  'libcrypt.so.1',
  'libcrypto.so.3',
  'libdl.so.2',
  'libdrm.so.2',
  'libexpat.so.1',
  'libffi.so.8',
  'libgbm.so.1',
  'libgcc_s.so.1',
  'libglib-2.0.so.0',
  'libgmodule-2.0.so.0',
  'libjpeg.so.62',
  'libkmod.so.2',
  'liblzma.so.5',
  'libm.so.6',
  'libmd.so.0',
  'libnuma.so.1',
  'libpcre2-8.so.0',
  'libpthread.so.0',
  'libresolv.so.2',
  'librt.so.1',
  'libsctp.so.1',
  'libudev.so.1',
  'liburing.so.2',
  'libwayland-server.so.0',
  'libxxhash.so.0',
  'libz.so.1',
  'libzstd.so.1',
] as const;

/** Mount points, and where things go; from the root, with their modes. */
export const FOLDERS: Readonly<Record<string, number>> = {
  bin: 0o755,
  dev: 0o755,
  etc: 0o755,
  lib: 0o755,
  lib64: 0o755,
  'lib/modules': 0o755,
  'lib/x86_64-linux-gnu': 0o755,
  mnt: 0o755,
  proc: 0o555,
  root: 0o700,
  run: 0o755,
  sbin: 0o755,
  scratch: 0o755,
  sys: 0o555,
  tmp: 0o1777,
  usr: 0o755,
  'usr/bin': 0o755,
  'usr/sbin': 0o755,
  var: 0o755,
};

/** busybox makes the links to its other applets when the guest starts; these are needed before. */
export const LINKS: Readonly<Record<string, string>> = {
  'bin/sh': 'busybox',
  'lib64/ld-linux-x86-64.so.2': '../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
  'var/run': '../run',
  'var/tmp': '../tmp',
};
