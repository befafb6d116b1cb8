// What the simulated clients saw, as evidence for the invariants: an append-only account that no invariant may change.

export interface AcknowledgedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}

export interface ReadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}

export interface KeyedRecord extends ReadRecord {
  readonly key: string;
}

/** How a topic lets go of records: only when told to, by age, or all but the last of each key. */
export type Cleanup = 'none' | 'expires' | 'compacts';

/** One topic that an administrator made, as far as the brokers' answers tell; another one of the same name is another topic. */
export interface ChurnedTopic {
  readonly name: string;
  readonly topicId: string;
  readonly cleanup: Cleanup;
  /** At least so many. */
  partitions: number;
  /** A request whose answer got lost may still arrive: then nobody can say what becomes of the topic. */
  state: 'stands' | 'is deleted' | 'unknown';
  /** By partition: records below may be gone, by request. */
  readonly deletedBefore: Map<number, number>;
  readonly acknowledged: KeyedRecord[];
}

/** A topic when everything has healed. */
export interface FoundTopic {
  readonly topicId: string;
  readonly partitions: number;
  readonly records: readonly KeyedRecord[];
}

export interface SeenLeader {
  readonly atUs: number;
  readonly topic: string;
  readonly partition: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/** One partition as the checker sees it from outside, every now and then. */
export interface Observation {
  readonly atUs: number;
  readonly partition: string;
  /** In-sync set and epoch of the newest metadata that any live broker has. */
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
  /** Who may lead though it isn't in sync. */
  readonly eligible: readonly number[];
  /** Live brokers that believe to lead, with the epoch they lead in. */
  readonly leaders: readonly { readonly brokerId: number; readonly leaderEpoch: number; readonly highWatermark: number }[];
  /** Where each live replica's log ends. */
  readonly endOffsets: ReadonlyMap<number, number>;
}

/** A replica's log as bytes, when everything has healed. */
export interface ReplicaLog {
  readonly partition: string;
  readonly brokerId: number;
  readonly digest: string;
  readonly sizeBytes: number;
}

export class History {
  readonly acknowledged: AcknowledgedRecord[] = [];
  /** Sent and never answered: may be in the log or not. */
  readonly indeterminate = new Set<string>();
  readonly leaders: SeenLeader[] = [];
  /** By topic, read at the end with everything healed. */
  readonly finalLogs = new Map<string, readonly ReadRecord[]>();
  /** By group: the last offset that was tried, acknowledged, and found at the end. */
  readonly triedCommits = new Map<string, number>();
  readonly acknowledgedCommits = new Map<string, number>();
  readonly keptCommits = new Map<string, number>();
  readonly fatal: string[] = [];
  readonly observations: Observation[] = [];
  readonly replicaLogs: ReplicaLog[] = [];
  readonly churned: ChurnedTopic[] = [];
  /** By topic id, everything that stands at the end. */
  readonly found = new Map<string, FoundTopic>();
  /** Directories of replicas that no metadata knows, and replicas without a directory. */
  readonly misplaced: string[] = [];
}

/** One broken promise, in words. */
export type Violation = string;

export type Invariant = (history: History) => readonly Violation[];
