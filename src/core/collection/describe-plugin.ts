import { CollectorHost } from './collector-host.js';
import type { CollectorDescription } from './protocol.js';

/** What a plugin's module exports, told by a worker that imports it and ends. Throws PLUGIN_* errors. */
export async function describePlugin(plugin: {
  owner: string;
  url: string;
  workerEntry: URL;
}): Promise<readonly CollectorDescription[]> {
  const host = new CollectorHost(plugin);
  try {
    return await host.describe();
  } finally {
    await host.terminate();
  }
}
