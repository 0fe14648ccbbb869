/** What a call is about, for models that can't learn 300 columns. Each call is of one family by its number alone. */
export type Family = 'file' | 'network' | 'process' | 'memory' | 'ipc' | 'other';

/** All that is not listed is `other`: time, randomness, modules, tracing, keys, facts of the system, unknown numbers. */
const LISTED: Readonly<Record<Exclude<Family, 'other'>, string>> = {
  file: `
    access chdir chmod chown chroot close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2
    fadvise64 fallocate fanotify_init fanotify_mark fchdir fchmod fchmodat fchown fchownat fcntl fdatasync
    fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstatfs fsync ftruncate futimesat getcwd getdents
    getdents64 getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy
    io_getevents io_pgetevents io_setup io_submit io_uring_enter io_uring_register io_uring_setup ioctl lchown
    lgetxattr link linkat listxattr llistxattr lremovexattr lseek lsetxattr lstat mkdir mkdirat mknod mknodat
    name_to_handle_at newfstatat open open_by_handle_at openat openat2 pread64 preadv preadv2 pwrite64 pwritev
    pwritev2 read readahead readlink readlinkat readv removexattr rename renameat renameat2 rmdir sendfile
    setxattr splice stat statfs statx symlink symlinkat sync sync_file_range syncfs tee truncate umask unlink
    unlinkat ustat utime utimensat utimes vmsplice write writev lookup_dcookie epoll_create epoll_create1
    epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old poll ppoll pselect6 select mount
    umount2 mount_setattr move_mount fsconfig fsmount fsopen fspick open_tree pivot_root quotactl quotactl_fd
    swapon swapoff sysfs
  `,
  network: `
    accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg
    sendmsg sendto setsockopt shutdown socket socketpair
  `,
  process: `
    clone clone3 execve execveat exit exit_group fork vfork wait4 waitid kill tkill tgkill pause rt_sigaction
    rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
    sigaltstack restart_syscall pidfd_getfd pidfd_open pidfd_send_signal ptrace process_vm_readv
    process_vm_writev kcmp prctl arch_prctl personality seccomp landlock_add_rule landlock_create_ruleset
    landlock_restrict_self capget capset setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid
    setgroups getuid getgid geteuid getegid getresuid getresgid getgroups getpid getppid gettid getpgid getpgrp
    getsid setpgid setsid setns unshare getpriority setpriority ioprio_get ioprio_set getrlimit setrlimit
    prlimit64 getrusage times sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
    sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam
    sched_setscheduler sched_yield set_tid_address set_thread_area get_thread_area modify_ldt rseq uselib acct
    vhangup
  `,
  memory: `
    brk mmap munmap mremap mprotect madvise process_madvise process_mrelease mincore mlock mlock2 mlockall
    munlock munlockall msync mbind get_mempolicy set_mempolicy set_mempolicy_home_node migrate_pages move_pages
    pkey_alloc pkey_free pkey_mprotect remap_file_pages memfd_create memfd_secret userfaultfd membarrier
  `,
  ipc: `
    pipe pipe2 futex futex_waitv set_robust_list get_robust_list eventfd eventfd2 signalfd signalfd4 shmat
    shmctl shmdt shmget semctl semget semop semtimedop msgctl msgget msgrcv msgsnd mq_getsetattr mq_notify
    mq_open mq_timedreceive mq_timedsend mq_unlink
  `,
};

const FAMILY_OF: ReadonlyMap<string, Family> = new Map(
  Object.entries(LISTED).flatMap(([family, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, family as Family] as const),
  ),
);

/** `name` is null for a number that nobody knows. */
export function familyOf(name: string | null): Family {
  return (name === null ? undefined : FAMILY_OF.get(name)) ?? 'other';
}
