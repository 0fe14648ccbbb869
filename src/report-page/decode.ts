import type { PageAxis, PageChart } from '../core/report/page-data.js';

/** As a chart takes it: numbers, null where a line breaks, undefined where it goes on. */
export type Column = (number | null | undefined)[];

/** The x of an axis, and the y of each line of a chart. */
export function decodeChart({ lines }: PageChart, axis: PageAxis): { readonly x: number[]; readonly y: Column[] } {
  const x = Array.from(new Float64Array(bytesOf(axis.seconds)));
  const y = lines.map(({ values }) =>
    typeof values === 'number'
      ? new Array<number>(x.length).fill(values)
      : Array.from(new Float32Array(bytesOf(values)), point),
  );
  return { x, y };
}

function point(value: number): number | null | undefined {
  if (Number.isNaN(value)) return null;
  return value === Number.POSITIVE_INFINITY ? undefined : value;
}

function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}
