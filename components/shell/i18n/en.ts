// All words of one language: one file a feature, so that features grow without meeting in one place.
import ui from './en/ui.json' with { type: 'json' };
import shell from './en/shell.json' with { type: 'json' };
import overview from './en/overview.json' with { type: 'json' };
import topics from './en/topics.json' with { type: 'json' };
import messages from './en/messages.json' with { type: 'json' };
import replay from './en/replay.json' with { type: 'json' };
import moves from './en/moves.json' with { type: 'json' };
import partition from './en/partition.json' with { type: 'json' };
import groups from './en/groups.json' with { type: 'json' };
import brokers from './en/brokers.json' with { type: 'json' };
import controller from './en/controller.json' with { type: 'json' };
import clusters from './en/clusters.json' with { type: 'json' };
import live from './en/live.json' with { type: 'json' };
import timeline from './en/timeline.json' with { type: 'json' };
import demo from './en/demo.json' with { type: 'json' };
import lab from './en/lab.json' with { type: 'json' };
import views from './en/views.json' with { type: 'json' };
import problem from './en/problem.json' with { type: 'json' };

export const en = {
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
