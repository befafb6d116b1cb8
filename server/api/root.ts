// Every procedure there is. The browser imports the type alone.

import { brokersRouter } from './routers/brokers.ts';
import { clusterRouter } from './routers/cluster.ts';
import { clustersRouter } from './routers/clusters.ts';
import { demoRouter } from './routers/demo.ts';
import { groupsRouter } from './routers/groups.ts';
import { historyRouter } from './routers/history.ts';
import { labRouter } from './routers/lab.ts';
import { liveRouter } from './routers/live.ts';
import { messagesRouter } from './routers/messages.ts';
import { movesRouter } from './routers/moves.ts';
import { replayRouter } from './routers/replay.ts';
import { sessionRouter } from './routers/session.ts';
import { topicsRouter } from './routers/topics.ts';
import { votersRouter } from './routers/voters.ts';
import { viewsRouter } from './routers/views.ts';
import { router } from './trpc.ts';

export const appRouter = router({
  clusters: clustersRouter,
  cluster: clusterRouter,
  history: historyRouter,
  live: liveRouter,
  topics: topicsRouter,
  messages: messagesRouter,
  replay: replayRouter,
  groups: groupsRouter,
  brokers: brokersRouter,
  demo: demoRouter,
  lab: labRouter,
  moves: movesRouter,
  voters: votersRouter,
  views: viewsRouter,
  session: sessionRouter,
});

export type AppRouter = typeof appRouter;
