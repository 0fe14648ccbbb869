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
  CONFIG_NOT_TRUSTED: {
    exit: EXIT.usage,
    meaning:
      'A configuration that was found by searching belongs to somebody else, or everybody may write to it. It could start programs in your name.',
    hint: 'Read it; if you trust it, name it with --config.',
  },
  CONFIG_EXISTS: {
    exit: EXIT.usage,
    meaning: '"config init" never overwrites a file.',
    hint: 'Give another name with --file, or remove the file first.',
  },
  REPORT_EXISTS: {
    exit: EXIT.usage,
    meaning: '"episode report" replaces a file only if it is told to.',
    hint: 'Give another name with --file, or add --force.',
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
  SOURCE_UNKNOWN: {
    exit: EXIT.usage,
    meaning: 'The episode has no source of this name.',
    hint: 'The message lists those that it has; so does "cis490 episode show".',
  },
  EPISODE_FINISHED: {
    exit: EXIT.cannotBegin,
    meaning: 'The episode has its done.marker: there is nothing to recover.',
    hint: 'Run "cis490 episode validate" to see whether it is still what the marker says.',
  },
  EPISODE_UNFINISHED: {
    exit: EXIT.cannotBegin,
    meaning: 'The episode has no done.marker: it is being recorded, or its recorder died.',
    hint: 'Run "cis490 episode recover" when its recorder has ended.',
  },
  EPISODE_RECORDING: {
    exit: EXIT.cannotBegin,
    meaning: 'The episode is being recorded: the recorder that meta.json names is alive.',
    hint: 'Wait for its end, or end it with SIGTERM.',
  },
  EPISODE_ELSEWHERE: {
    exit: EXIT.cannotBegin,
    meaning:
      'The recorder ran before a reboot, on another machine or in another container: nothing here tells whether it lives.',
    hint: 'If you know that it has ended, add --force.',
  },
  EPISODE_BUSY: {
    exit: EXIT.cannotBegin,
    meaning: 'Another process is recovering, relabelling or shipping the episode.',
    hint: 'Try again when that has ended.',
  },
  EPISODE_DAMAGED: {
    exit: EXIT.failed,
    meaning: "The episode's folder is not what a recorder leaves: nothing in it was changed.",
    hint: 'Mend or remove what the message names, then try again.',
  },
  RECOVERY_FAILED: {
    exit: EXIT.failed,
    meaning:
      'The system refused something in the middle of a recovery or a relabelling (a full disk, no permission). Nothing is lost by that.',
    hint: 'Mend the cause, then run "cis490 episode recover" again.',
  },
  LABEL_INVALID: {
    exit: EXIT.usage,
    meaning: "The correction of a label names a row, a time or a label that is not the episode's.",
    hint: 'Run "cis490 episode show" to see its labels and their seq.',
  },
  DATASET_EMPTY: {
    exit: EXIT.cannotBegin,
    meaning:
      'No episode is left to make a data set of: each was unfinished, changed, or of too low a grade; or no row of the grid has a label.',
    hint: 'The lines above say why for each; --min-grade lowers the bar.',
  },
  DATASET_DUPLICATE: {
    exit: EXIT.cannotBegin,
    meaning: 'Two folders have an episode of one id: its rows would count twice.',
    hint: 'Leave one of them out.',
  },
  DATASET_SOURCES_DIFFER: {
    exit: EXIT.cannotBegin,
    meaning:
      "Episodes do not fit together: one lacks a source that others have, or a source's rows, version or availability differ.",
    hint: 'Leave the odd ones out, choose sources with --source, or add --skip-incomplete.',
  },
  DATASET_NO_FEATURES: {
    exit: EXIT.cannotBegin,
    meaning: 'The episodes have no column that a view could hold, or none of which a feature can be made.',
    hint: 'A deployable view needs a collector that is available in deployment, such as "system".',
  },
  DATASET_ROWS_UNREADABLE: {
    exit: EXIT.cannotBegin,
    meaning: 'A row of an episode could not be read, or has an integer beyond 63 bits.',
    hint: 'Run "cis490 episode validate" on the episode that the message names, or leave it out.',
  },
  DATASET_EXISTS: {
    exit: EXIT.usage,
    meaning: 'The output folder exists. Nothing is overwritten unless asked for, and then only a former data set.',
    hint: 'Choose another folder with --out, or add --force to replace a former data set.',
  },
  DATASET_ORACLE: {
    exit: EXIT.failed,
    meaning: 'A file of a deployable view has a column that no deployed device has. The data set was not published.',
    hint: 'This is a defect of cis490: please report it.',
  },
  DATASET_WRITE_FAILED: {
    exit: EXIT.failed,
    meaning: 'The data set could not be written (a full disk, no permission). Nothing of it was kept.',
    hint: 'Make room, or choose another folder with --out.',
  },
  FEATURES_UNREADABLE: {
    exit: EXIT.cannotBegin,
    meaning: 'The file is no features.json, or one of another version.',
    hint: 'Name the features.json of a view, such as DIR/deployable/features.json.',
  },
  SPLIT_IMPOSSIBLE: {
    exit: EXIT.cannotBegin,
    meaning:
      'The episodes can not be split as asked: there are fewer groups than splits, or a split would be left without a class.',
    hint: 'Record more episodes, group by fewer keys, or split into fewer parts.',
  },
  DATASET_UNREADABLE: {
    exit: EXIT.cannotBegin,
    meaning: 'The folder is no data set, or a file of it is missing or is none of its own.',
    hint: 'Name a folder that "cis490 dataset build" made.',
  },
  DESTINATION_UNKNOWN: {
    exit: EXIT.usage,
    meaning: 'No destination takes URLs of this scheme.',
    hint: 'Add the package that brings it under "plugins" in the configuration, or correct the URL.',
  },
  DESTINATION_OPTIONS: {
    exit: EXIT.usage,
    meaning: "The options are not what the destination's schema asks for; every violation is listed.",
    hint: 'docs/ship.md has the options of each destination.',
  },
  DESTINATION_UNUSABLE: {
    exit: EXIT.cannotBegin,
    meaning: 'The destination can not be used as it is named.',
    hint: 'Correct --to; docs/ship.md has its forms.',
  },
  COMPRESSION_UNAVAILABLE: {
    exit: EXIT.cannotBegin,
    meaning: 'This Node has no support for the compression.',
    hint: 'Use Node 22.15 or newer, or gzip.',
  },
  TOOL_MISSING: {
    exit: EXIT.cannotBegin,
    meaning: 'A program of the system is not installed.',
    hint: 'On Debian flock is part of the package util-linux.',
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
    hint: 'Check the pid with "ps"; a command without a slash is looked up in PATH, one with a slash from where it is to run.',
  },
  TARGET_UNSTARTABLE: {
    exit: EXIT.cannotBegin,
    meaning: 'The command, or the virtual machine, to observe could not be started.',
    hint: 'Try the same command in a shell.',
  },
  GUEST_UNREACHABLE: {
    exit: EXIT.cannotBegin,
    meaning:
      'The virtual machine did not boot as far as its agent (qemu-guest-agent), or stopped answering before the origin.',
    hint: 'Does the guest start qemu-ga on the port org.qemu.guest_agent.0? "boot_timeout" says how long to wait.',
  },
  NETWORK_NOT_CONTAINED: {
    exit: EXIT.cannotBegin,
    meaning: 'From inside the guest something could be reached that should not be, or that could not be tested.',
    hint: 'Remove what leads out of the guest (QEMU arguments of your own, a bridge), or use "network: none".',
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
  LAB_TOOL_MISSING: {
    exit: EXIT.cannotBegin,
    meaning: 'A program that the lab needs is not installed.',
    hint: 'Install the Debian package that the message names; "cis490 lab probe" shows all that is lacking.',
  },
  LAB_PACKAGES_UNKNOWN: {
    exit: EXIT.cannotBegin,
    meaning: "apt's index lacks packages that the lab's image is made of. The recipe is for Debian 12.",
    hint: 'Run "apt-get update" as root, then try again.',
  },
  LAB_DOWNLOAD: {
    exit: EXIT.cannotBegin,
    meaning: "The packages of the lab's image could not be downloaded, or are not what apt's index says they are.",
    hint: 'Check the network; if the packages were superseded, run "apt-get update" as root.',
  },
  LAB_UNWRITABLE: {
    exit: EXIT.cannotBegin,
    meaning:
      "The lab's folder can not be created or written, or its disk is full. A build needs 400 MB, an image 55 MB.",
    hint: 'Make room, or name another folder with the environment variable CIS490_LAB.',
  },
  LAB_BUILD_FAILED: {
    exit: EXIT.failed,
    meaning: "A tool failed while the lab's image was made, or the packages are not what the recipe expects.",
    hint: 'Nothing was kept; the message has what the tool said.',
  },
  LAB_NOT_REPRODUCIBLE: {
    exit: EXIT.failed,
    meaning: 'The same packages and recipe gave an image with other bytes than before.',
    hint: 'Was cpio upgraded meanwhile? To take the new one, remove the folder of the former one.',
  },
  LAB_IMAGE_MISSING: {
    exit: EXIT.cannotBegin,
    meaning: 'There is no image to boot.',
    hint: 'Run "cis490 lab build" to make one.',
  },
  LAB_IMAGE_INVALID: {
    exit: EXIT.cannotBegin,
    meaning: 'The files of a lab image are not what its manifest says, or it has no valid manifest.',
    hint: 'Run "cis490 lab build --force" to make it anew.',
  },
  RECORDING_FAILED: {
    exit: EXIT.failed,
    meaning: 'The recording was lost in part (a full disk, an I/O error): whole rows were kept, no marker was written.',
    hint: 'Make room or mend the disk; the folder without done.marker holds what was saved.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
