/** A collector that can be had: where its code is, without having run any of it. */
export interface PluginRef {
  /** The collector's name. */
  readonly name: string;
  /** The module that exports it, as file URL. */
  readonly url: string;
  /** The package, or the path of a bare file. */
  readonly owner: string;
  readonly origin: 'builtin' | 'package' | 'file';
}
