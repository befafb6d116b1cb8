// What every procedure gets: who asks, and the rooms that answer. Made once a request by the route.

import type { PastMoment, PastSecond, RecordSpan } from '#server/cluster/past.ts';
import type { ClusterRegistry } from '#server/cluster/registry.ts';
import type { EventCount, TimelineEntry } from '#server/db/events.ts';
import type { SavedView, SavedViewOutcome, ViewDraft, ViewShelf } from '#server/db/views.ts';
import type { ReplayJobs } from '#server/messages/replay-jobs.ts';
import type { Principal } from './permissions.ts';

/** The console's own store, narrowed to what procedures need; `server/db` behind it in the product. */
export interface EventStore {
  list(query: {
    readonly clusterId: string;
    readonly beforeMs: number | null;
    readonly sinceMs: number | null;
    readonly limit: number;
  }): Promise<readonly TimelineEntry[]>;
  /** All of one kind since a moment; of more than are kept, it is at least so many. */
  count(query: { readonly clusterId: string; readonly kind: string; readonly sinceMs: number }): Promise<EventCount>;
}

/** What was recorded of the last hour; `server/cluster/history` behind it in the product. */
export interface HistoryStore {
  span(clusterId: string): Promise<RecordSpan>;
  at(clusterId: string, atMs: number): Promise<PastMoment>;
  seconds(clusterId: string, range: { readonly fromMs: number; readonly toMs: number }): Promise<readonly PastSecond[]>;
}

export interface ViewStore {
  list(shelf: ViewShelf): Promise<readonly SavedView[]>;
  save(draft: ViewDraft): Promise<SavedViewOutcome>;
  rename(input: { readonly clusterId: string; readonly id: number; readonly name: string }): Promise<SavedViewOutcome>;
  remove(input: { readonly clusterId: string; readonly id: number }): Promise<boolean>;
}

/** The rooms behind the API: one set a process. */
export interface ConsoleRooms {
  readonly registry: ClusterRegistry;
  readonly replays: ReplayJobs;
  readonly events: EventStore;
  readonly history: HistoryStore;
  readonly views: ViewStore;
}

export interface Context extends ConsoleRooms {
  readonly principal: Principal;
  /** What this browser chose, from its cookies; null where it chose nothing. */
  readonly theme: string | null;
  readonly locale: string | null;
}
