// Consumer groups as the console sees them. Part of the port (`port.ts`).

export interface GroupSummary {
  readonly groupId: string;
  /** Kafka's own word: Stable, PreparingRebalance, CompletingRebalance, Empty, Dead, Assigning, Reconciling. */
  readonly state: string;
  readonly protocolType: string;
  /** 'classic' or 'consumer' (KIP-848); null when the cluster is too old to say. */
  readonly groupType: string | null;
  readonly coordinatorId: number | null;
  readonly memberCount: number;
  /** Sum over committed partitions; null when it could not be read. */
  readonly lag: number | null;
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
  readonly lag: number | null;
}
