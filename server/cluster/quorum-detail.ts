// The metadata quorum node by node, as only the nodes themselves can tell it: votes, snapshots, the end of the log. Kafka's
// protocol tells the leader's view alone (quorum-view.ts), so this exists where the console can ask the processes.

import type { MetadataLogRecord, QuorumFacts } from '#engine/trace/process-link.ts';

export interface QuorumNode {
  readonly nodeId: number;
  /** As the node told them; null: it didn't answer, and nothing is known. */
  readonly facts: Omit<QuorumFacts, 'nodeId' | 'grantedBy' | 'tail'> | null;
}

export interface QuorumDetail {
  readonly nodes: readonly QuorumNode[];
  /** Who made the leader of this epoch, by the leader's own record; null: not known. */
  readonly grantedBy: readonly number[] | null;
  /** The last records, oldest first, by the node that knows most; null when no node answered. */
  readonly tail: readonly MetadataLogRecord[] | null;
  /** Whose log that is. */
  readonly tailOf: number | null;
  readonly highWatermark: number;
  /** Names of the topics that the records know by id. */
  readonly topicNames: Readonly<Record<string, string>>;
}
