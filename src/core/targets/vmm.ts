import { basename } from 'node:path';

/** Executables that are virtual machine monitors: observed from here, their guest is another machine. */
const VMM =
  /^(?:qemu-system-.+|qemu-kvm|kvm|VirtualBoxVM|VBoxHeadless|VBoxSVC|vmware-vmx(?:-debug|-stats)?|firecracker|cloud-hypervisor|crosvm|lkvm|uml|bhyve|xen-.+|stratovirt|dragonball)$/;

export const isVmm = (executable: string): boolean => VMM.test(basename(executable));
