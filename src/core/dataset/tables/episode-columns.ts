import { toTextOrNull } from '../../text/to-text.js';
import type { LabelInterval } from '../select/closed-intervals.js';
import type { EpisodeInput } from '../select/episode-input.js';
import type { Members } from '../split/group-keys.js';
import type { PlacedEpisode } from '../split/place-episodes.js';
import { type Told, told } from './episode-tables.js';

type EpisodeTold = Told<PlacedEpisode>;

const member = (name: keyof Members, description: string): EpisodeTold =>
  told(name, 'VARCHAR', 'group', description, ({ members }) => members[name]);

const text = (name: string, description: string, of: (item: EpisodeInput) => unknown): EpisodeTold =>
  told(name, 'VARCHAR', 'provenance', description, ({ episode }) => toTextOrNull(of(episode)));

const count = (name: string, unit: string, description: string, of: (item: EpisodeInput) => unknown): EpisodeTold =>
  told(name, 'BIGINT', 'provenance', description, ({ episode }) => of(episode), unit);

/** Everything that could tell episodes apart without being behaviour: for splits and audits, never for a model. */
export const EPISODE_COLUMNS: readonly EpisodeTold[] = [
  told('episode_id', 'VARCHAR', 'key', 'The episode.', ({ episode }) => episode.id),
  told('group_id', 'VARCHAR', 'group', 'What it was kept together with in the split.', ({ group }) => group),
  text('grade', 'The verdict on the recording.', ({ grade }) => grade),
  told(
    'recovered',
    'BOOLEAN',
    'provenance',
    'Whether its recorder died.',
    ({ episode }) => episode.meta.recovered === true,
  ),
  member('scenario', "The scenario's id."),
  text('scenario_version', "The scenario's version.", ({ meta }) => meta.scenario?.version),
  told('arm', 'VARCHAR', 'group', "The scenario's arm.", ({ episode }) => toTextOrNull(episode.meta.scenario?.arm)),
  member('pair', 'The pair of arms that it belongs to, within its scenario.'),
  text('repeat', 'Which repetition it is.', ({ meta }) => meta.scenario?.repeat),
  member('sample', 'SHA-256 of the sample that ran.'),
  member('family', "The sample's family."),
  text('family_source', 'Who says so.', ({ meta }) => meta.sample?.family_source),
  text('first_seen', 'When the sample was first seen.', ({ meta }) => meta.sample?.first_seen),
  member('host', "The recorder's machine."),
  member('image', 'What a virtual machine was made of.'),
  member('state', 'The saved state that a virtual machine started from.'),
  member('operator', 'Who recorded it.'),
  count('seed', '1', 'What its draws were made from.', ({ meta }) => meta.seed),
  text('profile', 'lab or deployment.', ({ meta }) => meta.profile),
  text('target_type', 'What was observed.', ({ meta }) => meta.target.type),
  text('accelerator', 'Of a virtual machine: kvm or tcg.', ({ meta }) => meta.target.machine?.accelerator),
  text('recorder_version', 'The version of cis490.', ({ meta }) => meta.recorder.version),
  told(
    'recorder_cpu_share',
    'DOUBLE',
    'provenance',
    'Of a CPU, that the recorder took.',
    ({ episode }) => episode.meta.recorder.cpu_share,
    '1',
  ),
  count(
    'recorder_max_rss_bytes',
    'By',
    "The recorder's largest resident memory.",
    ({ meta }) => meta.recorder.max_rss_bytes,
  ),
  told(
    'start_realtime_ns',
    'BIGINT',
    'time',
    'The origin, since the Unix epoch.',
    ({ episode }) => episode.meta.clocks.origin_realtime_ns,
    'ns',
  ),
  told('duration_ns', 'BIGINT', 'time', 'From the origin to the end.', ({ episode }) => episode.endNs, 'ns'),
  text('end_reason', 'Why it ended.', ({ meta }) => meta.end_reason),
  text('collectors', 'The sources that it has rows of, sorted.', ({ sources }) =>
    sources
      .map(({ source }) => source)
      .sort()
      .join(','),
  ),
  count('rows', '1', 'Rows of all its collectors.', ({ sources }) => sources.reduce((sum, { rows }) => sum + rows, 0)),
  text('phases', 'Its phases in their order.', ({ intervals }) => inOrder(intervals.map(({ phase }) => phase))),
  text('labels', 'Its labels in their order.', ({ intervals }) => inOrder(intervals.map(({ label }) => label))),
  text('kernel', 'Of the machine that was observed.', ({ meta }) => observed(meta).kernel),
  count('cpus', '1', 'Of the machine that was observed.', ({ meta }) => observed(meta).cpus),
  count('memory_bytes', 'By', 'Of the machine that was observed.', ({ meta }) => observed(meta).memory_bytes),
];

const observed = ({ vantages }: EpisodeInput['meta']) => vantages.guest ?? vantages.local;

const inOrder = (names: readonly string[]): string => names.filter((name, i) => name !== names[i - 1]).join('>');

export interface PlacedInterval extends LabelInterval {
  readonly id: string;
}

export const LABEL_COLUMNS: readonly Told<PlacedInterval>[] = [
  told('episode_id', 'VARCHAR', 'key', 'The episode.', ({ id }) => id),
  told('position', 'BIGINT', 'key', 'Position in the episode, from 0.', ({ position }) => position, '1'),
  told('start_ns', 'BIGINT', 'time', 'From here on it holds, since the origin.', ({ startNs }) => startNs, 'ns'),
  told('end_ns', 'BIGINT', 'time', 'It holds until here.', ({ endNs }) => endNs, 'ns'),
  told('label', 'VARCHAR', 'label', 'What holds.', ({ label }) => label),
  told('phase', 'VARCHAR', 'label', 'The phase.', ({ phase }) => phase),
  told('technique', 'VARCHAR', 'label', 'Its MITRE ATT&CK technique.', ({ technique }) => technique),
  told('source', 'VARCHAR', 'provenance', 'What set it: schedule, action or manual.', ({ source }) => source),
  told(
    'uncertainty_ns',
    'BIGINT',
    'provenance',
    'So far its begin may be off.',
    ({ uncertaintyNs }) => uncertaintyNs,
    'ns',
  ),
  told(
    'confirmed',
    'BOOLEAN',
    'provenance',
    'Whether the action behind it was seen to happen.',
    ({ confirmed }) => confirmed,
  ),
  told(
    'is_residual',
    'BOOLEAN',
    'provenance',
    'Benign after malicious, without a restored state between them.',
    ({ isResidual }) => isResidual,
  ),
];
