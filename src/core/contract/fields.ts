/** What a value is, which decides what may be computed from it. */
export type FieldKind =
  /** Only rises until its `reset`; the difference of two readings means something, the value alone does not. */
  | 'counter'
  /** What happened over this row's own span. */
  | 'delta'
  /** A level that goes up and down. */
  | 'gauge'
  /** One of a few states. */
  | 'state'
  /** Describes or identifies; never a feature of a model. */
  | 'info';

/** With what a counter starts from zero: the machine's boot, or the making of a process, of a device, of a control group. */
export type CounterReset = 'boot' | 'process' | 'device' | 'cgroup';

type ScalarType = 'integer' | 'number' | 'string' | 'boolean';

export interface ScalarField {
  readonly type: ScalarType;
  /** One sentence: what is it, where does it come from (file, field, man page)? */
  readonly description: string;
  readonly kind: FieldKind;
  /** UCUM as OpenTelemetry uses it: `By`, `s`, `ns`, `1`, `{fault}`. Mandatory for numbers. */
  readonly unit?: string;
  /** Whether the value may be null: the source could not be read, or this kernel lacks it. */
  readonly nullable?: boolean;
  /** Counters only, and mandatory there. */
  readonly reset?: CounterReset;
  /** Counters only: the source is known to step back at times (iowait, for one). */
  readonly mayDecrease?: boolean;
  /** Whether the field tells the rows of one tick (or the records of one array) apart. */
  readonly key?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  /** Strings only, in characters; 4096 unless told. */
  readonly maxLength?: number;
  /** `false` lowers this one field below its source: no deployed device has it. It can't be raised. */
  readonly availableInDeployment?: false;
}

/** A source with instances (cpus, disks, cards): an array of flat records. */
export interface ArrayField {
  readonly type: 'array';
  readonly description: string;
  readonly items: Readonly<Record<string, ScalarField>>;
  readonly nullable?: boolean;
  /** At most so many records; 4096 unless told. */
  readonly maxItems?: number;
  readonly availableInDeployment?: false;
}

export type Field = ScalarField | ArrayField;

/** The one table from which row schema, row type and the README's table come. Its order is the order of the columns. */
export type Fields = Readonly<Record<string, Field>>;

interface ScalarTypes {
  /** A safe integer or a bigint: a 64-bit counter never passes through a rounded number. */
  integer: number | bigint;
  number: number;
  string: string;
  boolean: boolean;
}

type Nullable<F, T> = F extends { readonly nullable: true } ? T | null : T;

type ScalarOf<F extends ScalarField> = F extends { readonly enum: readonly (infer E)[] } ? E : ScalarTypes[F['type']];

type RecordOf<I extends Readonly<Record<string, ScalarField>>> = { [K in keyof I]: Nullable<I[K], ScalarOf<I[K]>> };

/** The row that a plugin returns: every key always, what can't be read is null. */
export type RowOf<F extends Fields> = {
  [K in keyof F]: F[K] extends ArrayField
    ? Nullable<F[K], readonly RecordOf<F[K]['items']>[]>
    : F[K] extends ScalarField
      ? Nullable<F[K], ScalarOf<F[K]>>
      : never;
};

/** Longest string of a field that states no `maxLength`. */
export const DEFAULT_MAX_LENGTH = 4096;
/** Most records of an array field that states no `maxItems`. */
export const DEFAULT_MAX_ITEMS = 4096;
