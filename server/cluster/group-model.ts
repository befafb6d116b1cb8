// Consumer groups as the console sees them. Part of the port (`port.ts`).

/** What a committed offset says of the log it points into: `observe/offset-state.ts`. */
export type OffsetState =
  /** Everything is read. */
  | 'up-to-date'
  /** Records lie between the committed offset and the log's end. */
  | 'behind'
  /** Records were deleted before they were read: the client goes on where auto.offset.reset says. */
  | 'below-log-start'
  /** The log is shorter than what was committed: it was truncated, or its topic was made anew. */
  | 'past-log-end'
  /** Nothing is committed and the log holds records: where the group begins is up to auto.offset.reset. */
  | 'no-commit'
  /** Nothing is committed, and there is nothing to read. */
  | 'empty-log'
  /** The topic, or this partition of it, is not in the cluster any more. */
  | 'partition-gone'
  /** What is committed could not be read. */
  | 'commit-unknown'
  /** Where the log begins and ends could not be asked. */
  | 'log-unknown';

/** How a group reads, judged from a window of looks: `observe/lag-verdict.ts`. */
export type LagVerdict =
  | 'ok'
  /** The committed offset stands still while the log grows. */
  | 'stopped'
  /** Commits go on, at the same offset. */
  | 'stalled'
  /** The oldest unread record is too old, and gets older. */
  | 'falling-behind';

export interface LagJudgement {
  /** null: not watched for a whole window yet. */
  readonly verdict: LagVerdict | null;
  /** The age of the oldest unread record over all partitions; at least that much where it was there before this console
   *  began to watch. null: nothing is known of any partition. */
  readonly timeLag: { readonly ms: number; readonly isAtLeast: boolean } | null;
}

export interface GroupSummary {
  readonly groupId: string;
  /** Kafka's own word: Stable, PreparingRebalance, CompletingRebalance, Empty, Dead, Assigning, Reconciling. */
  readonly state: string;
  readonly protocolType: string;
  /** 'classic' or 'consumer' (KIP-848); null when the cluster is too old to say. */
  readonly groupType: string | null;
  readonly coordinatorId: number | null;
  readonly memberCount: number;
  /** Sum over partitions; null as soon as the lag of one is not known. */
  readonly lag: number | null;
  /** null: nobody reads now, so there is nothing to judge. */
  readonly judgement: LagJudgement | null;
  readonly topics: readonly string[];
}

export interface GroupMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
}

export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  /** null: nothing committed. */
  readonly committedOffset: number | null;
  readonly metadata: string | null;
  readonly startOffset: number | null;
  readonly endOffset: number | null;
  readonly state: OffsetState;
  /** Offsets from the committed one, or from the log's start where that is later, to the log's end. */
  readonly lag: number | null;
  /** The member that owns the partition now. */
  readonly memberId: string | null;
}

export interface GroupDetail {
  readonly groupId: string;
  readonly state: string;
  readonly protocolType: string;
  /** The assignor in use, e.g. "range". */
  readonly protocol: string;
  readonly groupType: string | null;
  readonly coordinatorId: number | null;
  readonly members: readonly GroupMember[];
  readonly offsets: readonly GroupOffset[];
  /** As in GroupSummary. */
  readonly lag: number | null;
  readonly judgement: LagJudgement | null;
}
