/** The JSON Schema of a plugin's options: an object that names every option. Unknown options are refused. */
export interface OptionsSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
}

/** One option. Any JSON Schema keyword is allowed; those named here also give its type. */
export interface OptionSchema {
  readonly type: keyof JsonTypes | readonly (keyof JsonTypes)[];
  readonly description: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: { readonly type: 'string' | 'integer' | 'number' | 'boolean'; readonly [keyword: string]: unknown };
  readonly [keyword: string]: unknown;
}

interface JsonTypes {
  string: string;
  integer: number;
  number: number;
  boolean: boolean;
  object: Readonly<Record<string, unknown>>;
  array: readonly unknown[];
}

type OptionOf<S extends OptionSchema> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly type: 'array'; readonly items: { readonly type: infer T extends keyof JsonTypes } }
    ? readonly JsonTypes[T][]
    : S['type'] extends readonly (infer T extends keyof JsonTypes)[]
      ? JsonTypes[T]
      : S['type'] extends keyof JsonTypes
        ? JsonTypes[S['type']]
        : unknown;

type Given<S extends OptionsSchema> = {
  [K in keyof S['properties']]: S['properties'][K] extends { readonly default: unknown }
    ? K
    : S extends { readonly required: readonly (infer R)[] }
      ? K extends R
        ? K
        : never
      : never;
}[keyof S['properties']];

/** The options as a plugin gets them: validated, with defaults filled in, frozen. */
export type OptionsOf<S extends OptionsSchema> = {
  readonly [K in Given<S>]: OptionOf<S['properties'][K]>;
} & {
  readonly [K in Exclude<keyof S['properties'], Given<S>>]?: OptionOf<S['properties'][K]>;
};

/** For a plugin without options. */
export const NO_OPTIONS = { type: 'object', additionalProperties: false, properties: {} } as const;
