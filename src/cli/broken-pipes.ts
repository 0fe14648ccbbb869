let isSet = false;

/** A reader that goes away (`| head`, a closed terminal) never ends a recording: what it would have read is dropped. */
export function surviveBrokenPipes(): void {
  if (isSet) return;
  isSet = true;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!['EPIPE', 'EIO', 'ECONNRESET', 'EBADF'].includes(error.code ?? '')) throw error;
    });
  }
}
