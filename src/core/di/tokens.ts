/** Names of what is injected and is no class of ours. */
export const CLOCK = Symbol('Clock');
/** One registered PluginRef; there are as many as collectors that come with the program. */
export const PLUGIN_REF = Symbol('PluginRef');
/** One registered DestinationRef. */
export const DESTINATION_REF = Symbol('DestinationRef');
/** The file URL of the collectors' thread. */
export const WORKER_ENTRY = Symbol('worker entry');
/** Where procfs and sysfs are mounted. */
export const ROOTS = Symbol('Roots');
export const VERSION = Symbol('version');
