/** A destination that keeps everything in memory, notes its calls, and does what a script says: a word for each put. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_VERSION, DestinationError, defineDestination } from 'cis490';

const sha256 = (content) => createHash('sha256').update(content).digest('hex');

export default defineDestination({
  apiVersion: API_VERSION,
  name: 'memory',
  version: '1.0.0',
  summary: 'Memory.',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      folder: { type: 'string', description: 'Where the script and the calls are.' },
      greeting: { type: 'string', description: 'A default.', default: 'hello' },
    },
    required: ['folder'],
  },
  async open({ options: { folder, greeting }, env }) {
    const [drafts, published] = [new Map(), new Map()];
    const note = (call) => appendFileSync(join(folder, 'calls'), `${call}\n`);
    note(`open greeting=${greeting}`);
    let answer = '';
    return {
      ...(env.MEMORY_AT !== undefined && { address: env.MEMORY_AT }),
      async exists(id) {
        note('exists');
        if (answer === 'exists-true') return true;
        return published.get(id)?.get('done.marker') ?? null;
      },
      async put(episode, transfer) {
        note('put');
        const word = nextWord(join(folder, 'script'));
        if (word === 'passing') throw new DestinationError('passing', 'the line\nis noisy');
        if (word === 'lasting') throw new DestinationError('lasting', 'the door is shut', { hint: 'Knock.' });
        if (word === 'refused') throw new DestinationError('refused', 'it is too long');
        if (word === 'exit') process.exit(0);
        if (word === 'hang') await new Promise(() => setInterval(() => {}, 1000));
        answer = word;
        if (word === 'bug') throw new TypeError('undefined is not a function');
        const files = new Map();
        for (const file of [...episode.files, episode.marker]) {
          const chunks = [];
          for await (const chunk of transfer.read(file)) chunks.push(chunk);
          files.set(file.path, Buffer.concat(chunks));
        }
        if (word === 'corrupt') files.get('events.jsonl')[0] ^= 1;
        drafts.set(episode.draft, files);
        const faster = /^faster-(passing|conflict)(-none)?$/.exec(word ?? '');
        if (faster === null) return;
        if (faster[2] === undefined) published.set(episode.id, files); // by another run
        throw new DestinationError(faster[1], 'another run was faster');
      },
      async verify(episode, place) {
        note(`verify ${place}`);
        if (answer === 'verify-false') return false;
        if (answer === 'verify-set') return new Set(['meta.json']);
        const files = place === 'draft' ? drafts.get(episode.draft) : published.get(episode.id);
        return [...episode.files, episode.marker]
          .filter(({ path, sha256: wanted }) => !files?.has(path) || sha256(files.get(path)) !== wanted)
          .map(({ path }) => path);
      },
      async publish({ id, draft }) {
        note('publish');
        if (published.has(id)) throw new DestinationError('conflict', 'taken');
        published.set(id, drafts.get(draft));
      },
      async discard({ draft }) {
        note(`discard ${drafts.delete(draft)}`);
      },
      async close() {
        note('close');
        if (answer === 'hang') throw new Error('it hangs');
      },
    };
  },
});

function nextWord(path) {
  if (!existsSync(path)) return undefined;
  const [word, ...rest] = readFileSync(path, 'utf8').split(' ');
  writeFileSync(path, rest.join(' '));
  return word;
}
