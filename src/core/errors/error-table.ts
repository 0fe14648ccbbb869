/** Exit codes of the command line; the README explains them. */
export const EXIT = {
  ok: 0,
  /** No marker was written. */
  failed: 1,
  /** Wrong usage or configuration; nothing was written. */
  usage: 2,
  /** Done, but degraded or invalid. */
  degraded: 3,
  /** Could not begin; nothing was written. */
  cannotBegin: 4,
} as const;

interface ErrorEntry {
  readonly exit: number;
  /** What it means, for docs/errors.md. */
  readonly meaning: string;
  /** What to do next, shown below the message unless the thrower knows better. */
  readonly hint: string;
}

/** Every error that a user can meet, by its stable code. docs/errors.md is made from this table. */
export const ERRORS = {
  CONFIG_INVALID: {
    exit: EXIT.usage,
    meaning: 'The configuration is not what the schema or a plugin asks for; every violation is listed.',
    hint: 'Run "cis490 config schema" for what is allowed, or "cis490 config validate" to check again.',
  },
  CONFIG_UNREADABLE: {
    exit: EXIT.usage,
    meaning: 'The configuration file is missing, unreadable, or neither JSON nor YAML.',
    hint: 'Run "cis490 config init" to write one to start from.',
  },
  CONFIG_EXISTS: {
    exit: EXIT.usage,
    meaning: '"config init" never overwrites a file.',
    hint: 'Give another name with --file, or remove the file first.',
  },
  SCAFFOLD_EXISTS: {
    exit: EXIT.usage,
    meaning: '"collector create" never writes into a folder that has something in it.',
    hint: 'Give another folder with --output, or another name.',
  },
  USAGE: {
    exit: EXIT.usage,
    meaning: 'A flag or an argument is wrong.',
    hint: 'Run the command with --help.',
  },
  EPISODE_ID_INVALID: {
    exit: EXIT.usage,
    meaning: 'An episode id is a ULID: 26 characters of Crockford base 32, the first at most 7.',
    hint: 'Leave --id out to get a fresh one.',
  },
  EPISODE_ID_TAKEN: {
    exit: EXIT.usage,
    meaning: 'There is an episode with this id already; episodes are never overwritten.',
    hint: 'Leave --id out to get a fresh one.',
  },
  EPISODE_NOT_FOUND: {
    exit: EXIT.cannotBegin,
    meaning: 'No episode has this id, or the folder is no episode.',
    hint: 'Run "cis490 episode list" to see what is there; --output names another folder.',
  },
  OUTPUT_UNWRITABLE: {
    exit: EXIT.cannotBegin,
    meaning: 'The output folder can not be created or written.',
    hint: 'Choose a writable folder with --output, or make room.',
  },
  SYSTEM_REFUSED: {
    exit: EXIT.cannotBegin,
    meaning:
      'The system refused something that the recording needs before it can begin (too many open files, no memory).',
    hint: 'Raise the limit that the message names; "ulimit -a" shows them.',
  },
  TARGET_NOT_FOUND: {
    exit: EXIT.cannotBegin,
    meaning: 'The process to observe does not exist, or has ended.',
    hint: 'Check the pid with "ps"; a command is looked up in PATH.',
  },
  TARGET_UNSTARTABLE: {
    exit: EXIT.cannotBegin,
    meaning: 'The command to observe could not be started.',
    hint: 'Try the same command in a shell.',
  },
  COLLECTOR_UNKNOWN: {
    exit: EXIT.usage,
    meaning: 'No plugin provides a collector of this name.',
    hint: 'Add its package under "plugins" in the configuration, or correct the name.',
  },
  COLLECTOR_UNAVAILABLE: {
    exit: EXIT.cannotBegin,
    meaning: 'A requested collector can not run here.',
    hint: 'Mend what is missing, or mark the collector "optional: true".',
  },
  COLLECTOR_NOT_READY: {
    exit: EXIT.cannotBegin,
    meaning: 'A collector threw, or was not ready within 10 seconds.',
    hint: 'Mend the collector, or mark it "optional: true" to record without it.',
  },
  PLUGIN_NOT_FOUND: {
    exit: EXIT.cannotBegin,
    meaning: 'A plugin named in the configuration is neither a file nor an installed package.',
    hint: 'Install it beside the configuration file with "npm install".',
  },
  PLUGIN_MANIFEST: {
    exit: EXIT.cannotBegin,
    meaning: 'A plugin package\'s package.json lacks a valid "cis490" section.',
    hint: 'It has the form {"apiVersion": 1, "collectors": ["name"], "plugin": "./dist/index.js"}.',
  },
  PLUGIN_ENTRY_MISSING: {
    exit: EXIT.cannotBegin,
    meaning: 'A plugin names a module that does not exist.',
    hint: 'Build the plugin ("npm run build" in its folder), or correct the path.',
  },
  PLUGIN_EXPORT: {
    exit: EXIT.cannotBegin,
    meaning: 'The default export of a plugin is no collector, or lacks a part of one; every lack is listed.',
    hint: 'Export default defineCollector({...}), as docs/plugin-guide.md shows.',
  },
  PLUGIN_AVAILABILITY: {
    exit: EXIT.cannotBegin,
    meaning: 'A collector does not say whether its source is available in deployment. There is no default.',
    hint: 'Give availableInDeployment: { value: true or false, rationale: "why" }; in doubt it is false.',
  },
  PLUGIN_SCHEMA: {
    exit: EXIT.cannotBegin,
    meaning: "A collector's fields or its options schema are not valid; every violation is listed.",
    hint: 'docs/plugin-guide.md has what a field and an option need; "npm test" of the plugin checks them.',
  },
  PLUGIN_API_VERSION: {
    exit: EXIT.cannotBegin,
    meaning: 'A plugin was written for another version of the contract.',
    hint: 'Install a version of the plugin, or of cis490, that fits.',
  },
  PLUGIN_NAME_TAKEN: {
    exit: EXIT.cannotBegin,
    meaning: 'Two plugins provide a collector of one name.',
    hint: 'Say which with "use: package#name".',
  },
  PLUGIN_INVALID: {
    exit: EXIT.cannotBegin,
    meaning: 'What a plugin exports breaks the contract in more than one way; every violation is listed.',
    hint: 'The contract stands in docs/plugin-guide.md and in the types of "cis490".',
  },
  PLUGIN_LOAD: {
    exit: EXIT.cannotBegin,
    meaning: 'A plugin threw, exited or hung while it was imported.',
    hint: 'Import the file with node to see the same error.',
  },
  RECORDING_FAILED: {
    exit: EXIT.failed,
    meaning: 'The recording was lost in part (a full disk, an I/O error): whole rows were kept, no marker was written.',
    hint: 'Make room or mend the disk; the folder without done.marker holds what was saved.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
