// All words of one language: one file a feature, so that features grow without meeting in one place.
import ui from './zh/ui.json' with { type: 'json' };
import shell from './zh/shell.json' with { type: 'json' };
import overview from './zh/overview.json' with { type: 'json' };
import topics from './zh/topics.json' with { type: 'json' };
import messages from './zh/messages.json' with { type: 'json' };
import replay from './zh/replay.json' with { type: 'json' };
import moves from './zh/moves.json' with { type: 'json' };
import partition from './zh/partition.json' with { type: 'json' };
import groups from './zh/groups.json' with { type: 'json' };
import brokers from './zh/brokers.json' with { type: 'json' };
import controller from './zh/controller.json' with { type: 'json' };
import clusters from './zh/clusters.json' with { type: 'json' };
import live from './zh/live.json' with { type: 'json' };
import timeline from './zh/timeline.json' with { type: 'json' };
import demo from './zh/demo.json' with { type: 'json' };
import lab from './zh/lab.json' with { type: 'json' };
import views from './zh/views.json' with { type: 'json' };
import problem from './zh/problem.json' with { type: 'json' };

export const zh = {
  ui,
  shell,
  overview,
  topics,
  messages,
  replay,
  moves,
  partition,
  groups,
  brokers,
  controller,
  clusters,
  live,
  timeline,
  demo,
  lab,
  views,
  problem,
};
