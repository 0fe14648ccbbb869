import { recordedColumns } from '../../reading/recorded-columns.js';
import type { RecordedColumn } from '../../reading/recorded-episode.js';
import type { Envelope, JsonSchema } from '../../rows/row-schema.js';

/** A row schema, read back. Whether a column is deployable is told as if its source were. */
export interface RowSpec {
  readonly envelope: Envelope;
  /** Those that the host adds, in their order. */
  readonly host: readonly RecordedColumn[];
  /** The collector's own. */
  readonly own: readonly RecordedColumn[];
  /** Of the collector's own: what tells the rows of one tick apart. */
  readonly keys: readonly string[];
}

/** Throws in words if it is none of ours. */
export function rowSpec(schema: JsonSchema): RowSpec {
  const { envelope: host, own } = recordedColumns(schema, true);
  return {
    envelope: host.some(({ name }) => name === 'tick') ? 'tick' : 'seq',
    host,
    own,
    keys: own.filter(({ isKey }) => isKey).map(({ name }) => name),
  };
}
