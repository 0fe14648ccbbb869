import { expect, test } from 'vitest';
import { parseSystemCase } from '../support/system-case.js';

const row = parseSystemCase('this-machine');

test('takes cpu times, interrupts and processes from stat and loadavg', () => {
  expect(row).toMatchObject({
    cpu_user_jiffies: 18847,
    cpu_nice_jiffies: 0,
    cpu_sys_jiffies: 12667,
    cpu_idle_jiffies: 734744,
    cpu_iowait_jiffies: 574,
    cpu_irq_jiffies: 0,
    cpu_softirq_jiffies: 217,
    cpu_steal_jiffies: 5686,
    interrupts: 634882,
    context_switches: 1081779,
    forks: 7807,
    procs_running: 3,
    procs_blocked: 0,
    threads: 123,
  });
});

test('takes each cpu from stat', () => {
  expect(row.cpus).toEqual([
    { cpu: 0, user_jiffies: 7155, sys_jiffies: 5433, idle_jiffies: 370696 },
    { cpu: 1, user_jiffies: 11692, sys_jiffies: 7234, idle_jiffies: 364048 },
  ]);
});

test('takes memory from meminfo, in bytes', () => {
  expect(row).toMatchObject({
    mem_free_bytes: 24151608 * 1024,
    mem_available_bytes: 24271512 * 1024,
    mem_buffers_bytes: 1804 * 1024,
    mem_cached_bytes: 312952 * 1024,
    mem_dirty_bytes: 12268 * 1024,
    mem_anon_bytes: 78988 * 1024,
    mem_slab_bytes: 58500 * 1024,
    swap_free_bytes: 0,
  });
});

test('takes paging from vmstat', () => {
  expect(row).toMatchObject({
    page_in_kib: 2827017,
    page_out_kib: 510792,
    swap_in_pages: 0,
    swap_out_pages: 0,
    page_faults: 4170079,
    major_faults: 1810,
    oom_kills: 0,
  });
});

test('takes stalls from pressure', () => {
  expect(row).toMatchObject({
    psi_cpu_some_us: 28900884,
    psi_mem_some_us: 0,
    psi_mem_full_us: 0,
    psi_io_some_us: 4694871,
    psi_io_full_us: 4102728,
  });
});

test('takes the disk, in bytes, and leaves loop and zram out', () => {
  const counts = { reads: 35547, read_bytes: 5654034 * 512, writes: 5184, write_bytes: 1021584 * 512 };
  expect(row.disks).toEqual([{ disk: 'vda', ...counts }]);
});

test('takes the interfaces, and leaves lo out', () => {
  expect(row.nets?.map(({ net }) => net)).toEqual(['ifb0', 'ifb1', 'eth0']);
  expect(row.nets?.[2]).toEqual({
    net: 'eth0',
    rx_bytes: 362046709,
    rx_packets: 10153,
    tx_bytes: 897311,
    tx_packets: 6440,
  });
});

test('takes what the observer costs from its own stat', () => {
  expect(row).toMatchObject({ observer_cpu_jiffies: 0, observer_rss_bytes: 378 * 4096 });
});
