/** A destination that can be had: where its code is, without having run any of it. */
export interface DestinationRef {
  readonly name: string;
  /** Of the URLs that it takes; "file" also takes paths. In lower case. */
  readonly schemes: readonly string[];
  /** The module that exports it, as file URL. */
  readonly url: string;
  /** The package that it comes with. */
  readonly owner: string;
}
