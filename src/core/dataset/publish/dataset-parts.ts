import type { DatasetEpisode, DatasetSource } from '../dataset-document.js';
import type { SourceSpec } from '../sources/source-spec.js';
import type { PlacedEpisode } from '../split/place-episodes.js';

export const datasetEpisode = ({ episode, split, group }: PlacedEpisode): DatasetEpisode => ({
  id: episode.id,
  split,
  group,
  grade: episode.grade,
  recovered: episode.meta.recovered === true,
  marker_sha256: episode.markerSha256,
  recorder_version: episode.meta.recorder.version,
  start_realtime_ns: BigInt(episode.meta.clocks.origin_realtime_ns ?? 0),
  duration_ns: episode.endNs,
});

export const datasetSource = (spec: SourceSpec): DatasetSource => ({
  source: spec.source,
  row_version: spec.rowVersion,
  available_in_deployment: spec.isDeployable,
  plugin: spec.plugin,
  plugin_versions: spec.pluginVersions,
  vantages: spec.vantages,
  interval_ns: spec.intervalNs,
});
