/** Every command, by its id. oclif finds them here and not by searching folders: they lie in one bundle. */
import EpisodeStart from '../commands/episode/start.js';

export const COMMANDS = {
  'episode:start': EpisodeStart,
};
