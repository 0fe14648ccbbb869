/** `cannotBegin`: the table that has it is in a file that could not be opened either. */
const CANNOT_BEGIN = 4;
/** What oclif says of ours, whatever kept it from reading that: it is always there. */
const NO_PACKAGE = /could not find package\.json/;

/** Whether the program's own files could not be loaded, because too many are open. */
export function isOutOfDescriptors(error: unknown): boolean {
  const { code, message = '' } = error as Partial<NodeJS.ErrnoException>;
  return code === 'EMFILE' || code === 'ENFILE' || NO_PACKAGE.test(message);
}

/** Says so. Throws any other error. */
export function tellOutOfDescriptors(error: unknown): void {
  if (!isOutOfDescriptors(error)) throw error;
  const { message } = error as Error;
  const why = NO_PACKAGE.test(message) ? 'too many open files' : message;
  process.exitCode = CANNOT_BEGIN;
  process.stderr.write(
    `Error: the program could not be loaded: ${why}\n  Raise the limit of open files; "ulimit -n" shows it.\n`,
  );
}
