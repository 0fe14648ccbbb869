/** What a plugin can close, and would keep its thread alive. Requests that the system has taken can't be called back. */
const CLOSABLE = /^(?:Timeout|ProcessWrap|PipeWrap|TCPServerWrap|UDPWrap|FSEventWrap|StatWatcher)$/;
/** How many milliseconds a resource may take to close. */
const CLOSING_TURNS = 100;
/** Workers are told apart by the event alone: in the list they are ports. */
let workers = 0;
process.on('worker', (worker) => {
  workers++;
  worker.once('exit', () => workers--);
});

function openResources(): string[] {
  return [...process.getActiveResourcesInfo().filter((type) => CLOSABLE.test(type)), ...Array(workers).fill('Worker')];
}

/** Closing takes a few turns of the event loop. Throws what a plugin has left open after its stop. */
export async function requireNothingOpen(): Promise<void> {
  for (let turn = 0; turn < CLOSING_TURNS; turn++) {
    if (openResources().length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const left = openResources();
  if (left.length === 0) return;
  const counts = [...new Set(left)].map((type) => `${left.filter((one) => one === type).length} ${type}`);
  throw Object.assign(new Error(`after stop it still has open: ${counts.join(', ')}`), { code: 'LEFT_OPEN' });
}
