/** Every command, by its id. oclif finds them here and not by searching folders: they lie in one bundle. */
import CollectorCreate from '../commands/collector/create.js';
import CollectorDescribe from '../commands/collector/describe.js';
import CollectorList from '../commands/collector/list.js';
import CollectorProbe from '../commands/collector/probe.js';
import CollectorTest from '../commands/collector/test.js';
import ConfigInit from '../commands/config/init.js';
import ConfigSchema from '../commands/config/schema.js';
import ConfigShow from '../commands/config/show.js';
import ConfigValidate from '../commands/config/validate.js';
import DatasetApply from '../commands/dataset/apply.js';
import DatasetAudit from '../commands/dataset/audit.js';
import DatasetBuild from '../commands/dataset/build.js';
import EpisodeLabel from '../commands/episode/label.js';
import EpisodeList from '../commands/episode/list.js';
import EpisodeRecover from '../commands/episode/recover.js';
import EpisodeReport from '../commands/episode/report.js';
import EpisodeShow from '../commands/episode/show.js';
import EpisodeStart from '../commands/episode/start.js';
import EpisodeValidate from '../commands/episode/validate.js';
import LabBuild from '../commands/lab/build.js';
import LabProbe from '../commands/lab/probe.js';
import Ship from '../commands/ship.js';

export const COMMANDS = {
  'collector:create': CollectorCreate,
  'collector:describe': CollectorDescribe,
  'collector:list': CollectorList,
  'collector:probe': CollectorProbe,
  'collector:test': CollectorTest,
  'config:init': ConfigInit,
  'config:schema': ConfigSchema,
  'config:show': ConfigShow,
  'config:validate': ConfigValidate,
  'dataset:apply': DatasetApply,
  'dataset:build': DatasetBuild,
  'dataset:audit': DatasetAudit,
  'episode:label': EpisodeLabel,
  'episode:list': EpisodeList,
  'episode:recover': EpisodeRecover,
  'episode:report': EpisodeReport,
  'episode:show': EpisodeShow,
  'episode:start': EpisodeStart,
  'episode:validate': EpisodeValidate,
  'lab:build': LabBuild,
  'lab:probe': LabProbe,
  ship: Ship,
};
