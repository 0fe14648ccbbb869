import { readdirSync, readFileSync } from 'node:fs';

/** The living processes that have this word on their command line, or this variable in their environment. */
export function processesWith(word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const texts = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1'));
        return texts.join('\0').split('\0').includes(word);
      } catch {
        return false; // it has ended
      }
    })
    .map(Number);
}
