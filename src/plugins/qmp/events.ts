import type { QmpEvent } from '../../qmp.js';

type Scalar = string | number | bigint | boolean | null;

const MAX_LENGTH = 200;
const MAX_FIELDS = 32;

/** An event as `context.event` takes it: what it says is flat and bounded, names are snake_case. */
export function describeEvent({ name, data, realtimeNs }: QmpEvent): [code: string, fields: Record<string, Scalar>] {
  const scalars = Object.entries(data)
    .filter(([, value]) => value === null || typeof value !== 'object')
    .slice(0, MAX_FIELDS)
    .map(([key, value]) => [bounded(key.replaceAll('-', '_')), bounded(value as Scalar)]);
  return [bounded(name), { ...Object.fromEntries(scalars), qemu_realtime_ns: realtimeNs }];
}

const bounded = <T>(value: T): T => (typeof value === 'string' ? (value.slice(0, MAX_LENGTH) as T) : value);
