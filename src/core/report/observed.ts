import type { Meta } from '../episode/meta.js';
import type { AsRead, Integer } from '../reading/recorded-episode.js';
import { type Content, type Html, html } from '../text/html.js';
import { toText } from '../text/to-text.js';
import { type Fact, factsCard } from './facts.js';
import { formatTime, formatValue } from './format-value.js';

const NS_PER_S = 1e9;
const LONG_COMMAND = 60;

/** What was observed, where, when, as what, and by whom. */
export function observed(meta: AsRead<Meta>): Html {
  const { local, guest } = meta.vantages;
  return html`<section aria-labelledby="observed"><h2 id="observed">What was observed</h2><div class="cards">
${factsCard('Target', targetFacts(meta))}
${factsCard(guest === undefined ? 'Machine' : 'Host', machineFacts(local))}
${guest !== undefined && factsCard('Guest', machineFacts(guest))}
${factsCard('Clocks', clockFacts(meta))}
${factsCard('Evidence', evidenceFacts(meta))}
${factsCard('Recorder', recorderFacts(meta))}
</div></section>`;
}

function targetFacts({ target, target_exit: exit }: AsRead<Meta>): Fact[] {
  const { type, pid, comm, exe, argv, is_vm: isVm, machine } = target;
  return [
    ['type', isVm ? `${type}, a virtual machine` : type],
    ['pid', pid],
    ['command', argv === null ? null : commandLine(argv.join(' '))],
    ['program', exe === null ? comm : html`<code>${exe}</code>`],
    ['accelerator', machine?.accelerator],
    ['started from', machine?.start === undefined ? null : startWords(machine.start)],
    ['network', machine?.network?.mode],
    ['ended', exit === null ? 'not by itself' : endWords(exit)],
  ];
}

/** That of a virtual machine fills a page: it is folded. */
function commandLine(text: string): Html {
  if (text.length <= LONG_COMMAND) return html`<code>${text}</code>`;
  return html`<details><summary><code>${text.slice(0, LONG_COMMAND)} ...</code></summary><code>${text}</code></details>`;
}

function startWords({ mode, state_id: state }: { readonly mode: string; readonly state_id: string | null }): string {
  return state === null ? mode : `${mode}, state ${state}`;
}

function endWords({ code, signal, reason }: NonNullable<AsRead<Meta>['target_exit']>): string {
  const how = signal !== null ? `by ${signal}` : code !== null ? `with code ${code}` : 'by itself';
  return reason === undefined ? how : `${how} (${reason})`;
}

function machineFacts(facts: Readonly<Record<string, unknown>>): Fact[] {
  const text = (key: string) => (facts[key] === null || facts[key] === undefined ? null : String(facts[key]));
  const memory = facts.memory_bytes;
  return [
    ['name', text('hostname')],
    ['kernel', text('kernel')],
    ['architecture', text('architecture')],
    ['CPUs', text('cpus')],
    ['memory', typeof memory === 'number' ? formatValue(memory, 'B') : null],
    ['page', typeof facts.page_size_bytes === 'number' ? `${facts.page_size_bytes} B` : null],
    ['clock tick', typeof facts.clock_ticks_per_second === 'number' ? `${facts.clock_ticks_per_second} Hz` : null],
  ];
}

function clockFacts({ clocks, end_ns: endNs, duration_ns: durationNs }: AsRead<Meta>): Fact[] {
  const { origin_realtime_ns: origin, drift_ns: drift, start } = clocks;
  return [
    ['began', origin === null ? null : html`<time>${isoTime(origin)}</time>`],
    [
      'lasted',
      endNs === null ? null : `${formatTime(Number(endNs) / NS_PER_S)} of ${formatTime(durationNs / NS_PER_S)}`,
    ],
    ['drift', drift === null ? null : microseconds(drift)],
    ['error', microseconds(start.realtime_error_ns)],
  ];
}

const isoTime = (ns: Integer): string =>
  new Date(Number(BigInt(ns) / 1_000_000n)).toISOString().replace('T', ' ').replace('Z', ' UTC');

const microseconds = (ns: Integer): string => `${Number((Number(ns) / 1e3).toPrecision(3))} us`;

function evidenceFacts({ scenario, sample, seed, operator, notes, tags }: AsRead<Meta>): Fact[] {
  const pairs = (values?: Readonly<Record<string, unknown>>): Content =>
    values === undefined
      ? null
      : Object.entries(values).map(([key, value]) => html`<span class="pair">${key} <b>${toText(value)}</b></span> `);
  return [
    ['scenario', pairs(scenario)],
    ['sample', pairs(sample)],
    ['seed', seed],
    ['operator', operator],
    ['tags', tags?.join(', ')],
    ['notes', notes],
  ];
}

function recorderFacts({ recorder, profile, recovery }: AsRead<Meta>): Fact[] {
  const { version, node, cpu_share: share, max_rss_bytes: rss } = recorder;
  const lost = recovery?.lost.map(
    ({ file, reason, lines }) => html`<li>${file}: ${reason}${lines !== null && `, ${lines} lines`}</li>`,
  );
  return [
    ['version', `cis490 ${version}, Node ${node}`],
    ['profile', profile],
    ['CPU', typeof share === 'number' ? `${Number((share * 100).toPrecision(3))} % of one` : null],
    ['memory', rss === null ? null : formatValue(rss, 'B')],
    ['recovered', recovery === null || recovery === undefined ? null : `by cis490 ${recovery.version}`],
    ['lost', lost === undefined || lost.length === 0 ? null : html`<ul>${lost}</ul>`],
  ];
}
