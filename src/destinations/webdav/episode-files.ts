import type { EpisodeFile, OutgoingEpisode } from '../../index.js';

/** In the order they go over. */
export const allOf = ({ files, marker }: OutgoingEpisode): readonly EpisodeFile[] => [...files, marker];
