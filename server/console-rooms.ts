// Where the console's rooms are put together, once a process: the store, the clusters, the replays. Next bundles
// instrumentation and routes apart, so the one set hangs on globalThis and every bundle finds the same.

import { nodeWorld } from '#engine/world/node/node-world.ts';
import type { ConsoleRooms } from './api/context.ts';
import { embeddedCluster } from './cluster/embedded/embedded-cluster.ts';
import { KafkaCluster } from './cluster/kafka/kafka-cluster.ts';
import type { ClusterPort } from './cluster/port.ts';
import { lagSettingsFrom } from './cluster/observe/lag-settings.ts';
import { ClusterRegistry, embeddedClusterId, type ClusterBook, type KnownCluster } from './cluster/registry.ts';
import { HistoryReader } from './cluster/history/history-reader.ts';
import { HistoryRecorder } from './cluster/history/history-recorder.ts';
import type { KeyframeStore } from './cluster/history/keyframe-store.ts';
import { routineKinds } from './cluster/history/moments.ts';
import { TimelineRecorder, type TimelineStore } from './cluster/timeline/recorder.ts';
import { SnapshotWatch } from './cluster/timeline/snapshot-watch.ts';
import { findCluster, listClusters, removeCluster, renameCluster, saveCluster } from './db/clusters.ts';
import { database, type Database } from './db/database.ts';
import { appendEvents, countEvents, eventsOfKinds, listEvents, pastEventsOver } from './db/events.ts';
import { keyframesOver, sweepKeyframes } from './db/keyframes.ts';
import { markInterruptedJobs } from './db/replay-jobs.ts';
import { listViews, removeView, renameView, saveView } from './db/views.ts';
import { journalOver } from './messages/replay-journal.ts';
import { ReplayJobs } from './messages/replay-jobs.ts';

declare global {
  var logariumRooms: ConsoleRooms | undefined;
}

export function consoleRooms(): ConsoleRooms {
  globalThis.logariumRooms ??= openRooms(database());
  return globalThis.logariumRooms;
}

function openRooms(db: Database): ConsoleRooms {
  const world = nodeWorld();
  const lag = lagSettingsFrom(process.env);
  const frames = keyframesOver(db);
  const recorders = new Map<string, HistoryRecorder>();
  const history = new HistoryReader({
    frames,
    events: pastEventsOver(db, routineKinds),
    nowMs: () => world.clock.nowMs(),
    failureOf: (clusterId) => recorders.get(clusterId)?.failure ?? timelineFailures.get(clusterId) ?? null,
  });
  const timelineFailures = new Map<string, string>();
  const store = tellingFailures({ append: (clusterId, facts) => appendEvents(db, clusterId, facts) }, timelineFailures);
  const registry = new ClusterRegistry({
    book: bookOver(db),
    clock: world.clock,
    timers: world.timers,
    openAttached: ({ id, bootstrap }) => {
      const recorder = new TimelineRecorder(id, store);
      return new KafkaCluster({ world, bootstrap, lag, mark: (fact) => recorder.take([fact]) });
    },
    watch: (cluster, port) => watchCluster(cluster, port, { store, frames, recorders }),
  });
  const embedded = embeddedOptions();
  if (embedded !== null) {
    const stored = (kinds: readonly string[]) => eventsOfKinds(db, embeddedClusterId, kinds);
    registry.registerEmbedded(embeddedCluster({ ...embedded, clusterId: embeddedClusterId, world, store, stored, lag }));
    void watchAlways(registry);
  }
  const replays = new ReplayJobs({
    lease: (clusterId) => registry.lease(clusterId),
    journal: journalOver(db),
    nowMs: () => world.clock.nowMs(),
    newId: () => Buffer.from(world.random.nextBytes(12)).toString('base64url'),
  });
  const interrupted = markInterruptedJobs(db, world.clock.nowMs());
  interrupted.catch((error: unknown) =>
    console.error('replays that the last console left running could not be marked as interrupted', error),
  );
  const swept = sweepKeyframes(db, world.clock.nowMs());
  swept.catch((error: unknown) => console.error('pictures older than the record reaches could not be removed', error));
  return {
    registry,
    replays,
    history,
    events: { list: (query) => listEvents(db, query), count: (query) => countEvents(db, query) },
    views: {
      list: (shelf) => listViews(db, shelf),
      save: (draft) => saveView(db, { ...draft, nowMs: world.clock.nowMs() }),
      rename: (input) => renameView(db, input),
      remove: (input) => removeView(db, input),
    },
  };
}

/** Remembers why a cluster's timeline isn't being written, until it is. */
function tellingFailures(store: TimelineStore, failures: Map<string, string>): TimelineStore {
  return {
    append: async (clusterId, facts) => {
      try {
        await store.append(clusterId, facts);
        failures.delete(clusterId);
      } catch (error) {
        failures.set(clusterId, error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
}

/** Our own cluster is looked at from the start, so that the first page that somebody opens has a past to show. */
async function watchAlways(registry: ClusterRegistry): Promise<void> {
  const { port } = await registry.lease(embeddedClusterId);
  port.partitionHistory();
}

interface Recording {
  readonly store: TimelineStore;
  readonly frames: KeyframeStore;
  readonly recorders: Map<string, HistoryRecorder>;
}

/** Pictures are kept of every open cluster. The embedded one's timeline comes from its trace; an attached one's from what
 *  became different between two looks, while somebody uses it. */
function watchCluster(cluster: KnownCluster, port: ClusterPort, { store, frames, recorders }: Recording): () => void {
  const timeline = cluster.kind === 'embedded' ? null : new SnapshotWatch(new TimelineRecorder(cluster.id, store));
  const history = new HistoryRecorder({ clusterId: cluster.id, store: frames, seconds: () => port.rates() });
  recorders.set(cluster.id, history);
  const unsubscribe = [
    timeline === null ? null : port.observe((revision) => timeline.take(revision)),
    port.observe((revision) => (revision.kind === 'picture' ? history.take(revision.picture) : undefined)),
  ];
  return () => {
    for (const stop of unsubscribe) stop?.();
    recorders.delete(cluster.id);
  };
}

/** Set by the supervisor that started this console; a console without one has no cluster of its own. */
function embeddedOptions(): { readonly controlSocket: string; readonly bootstrap: string } | null {
  const controlSocket = process.env['LOGARIUM_CONTROL_SOCKET'];
  const bootstrap = process.env['LOGARIUM_BOOTSTRAP'];
  return controlSocket === undefined || bootstrap === undefined ? null : { controlSocket, bootstrap };
}

function bookOver(db: Database): ClusterBook {
  return {
    list: () => listClusters(db),
    find: (id) => findCluster(db, id),
    save: (name, bootstrap) => saveCluster(db, { name, bootstrap, nowMs: Date.now() }),
    rename: (id, name) => renameCluster(db, id, name),
    remove: (id) => removeCluster(db, id),
  };
}
