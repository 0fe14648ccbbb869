import { API_VERSION, defineCollector, type ProbeResult, type TargetView } from '../../index.js';
import { Balloon } from './balloon.js';
import { FIELDS } from './fields.js';
import { connectMonitor, noMonitor } from './monitor.js';
import { QmpCollector } from './qmp-collector.js';

export default defineCollector({
  kind: 'polled',
  async: true,
  apiVersion: API_VERSION,
  name: 'qmp',
  version: '1.0.0',
  rowVersion: 1,
  summary: "What QEMU's monitor tells of a virtual machine: run state, disks, virtual CPUs, memory balloon, events.",
  availableInDeployment: {
    value: false,
    rationale: 'It asks what runs the virtual machine; a device that is deployed has nothing below it to ask.',
  },
  fields: FIELDS,
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      socket: {
        type: 'string',
        pattern: '^/',
        maxLength: 107, // unix(7): sun_path holds 108 bytes, a zero among them
        description:
          "Absolute path of the socket of QEMU's option -qmp; without it the monitor of a target of type qemu.",
      },
      balloon: {
        type: 'boolean',
        default: true,
        description: "Whether to ask the guest's balloon driver for its statistics, once a second at most.",
      },
    },
  },

  async probe({ options, target }) {
    if (options.socket === undefined && target?.qmpSocket === undefined) return withoutMonitor(target);
    const monitor = await connectMonitor(options, target);
    try {
      if (!options.balloon || (await Balloon.find(monitor)) !== null) return { status: 'ok' };
      return {
        status: 'partial',
        reason: 'the machine has no balloon device: its columns are null',
        remedy: 'start QEMU with -device virtio-balloon-pci, or set "balloon": false',
      };
    } finally {
      monitor.close();
      await monitor.closed;
    }
  },

  create: (options, context) => new QmpCollector(options, context),
});

/** A target of type qemu has a monitor as soon as it runs, which it does not in a dry run. */
function withoutMonitor(target: TargetView | null): ProbeResult {
  if (target?.type === 'qemu') return { status: 'ok' };
  const { message, remedy } = noMonitor();
  return { status: 'partial', reason: message, remedy };
}
