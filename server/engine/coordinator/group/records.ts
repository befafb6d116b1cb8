// What the shard of a __consumer_offsets partition keeps: the offsets that groups have committed and the
// last generation of each group. These are the values; `record-codec.ts` turns them into Kafka's bytes.

import type { TopicId } from '#engine/base/brand.ts';

export interface CommittedOffset {
  readonly offset: number;
  /** Of the last record consumed; -1 when the client doesn't say. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  readonly commitTimestampMs: number;
  /** Set by clients older than KIP-211 that asked for a retention of their own; else null. */
  readonly expireTimestampMs: number | null;
  /** The incarnation of the topic the offset belongs to; the zero id in records of older brokers. */
  readonly topicId: TopicId;
}

export interface PersistedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  /** The member's metadata for the protocol the group has chosen. */
  readonly subscription: Uint8Array;
  readonly assignment: Uint8Array;
}

/** A classic group's generation as its leader has assigned it. */
export interface PersistedGroup {
  readonly protocolType: string;
  readonly generationId: number;
  readonly protocolName: string | null;
  readonly leaderId: string | null;
  /** When the group came into this state; -1 in records of older brokers. */
  readonly currentStateTimestampMs: number;
  readonly members: readonly PersistedMember[];
}

/** A null value deletes the key. */
export type GroupRecord =
  | {
      readonly kind: 'offset';
      readonly groupId: string;
      readonly topic: string;
      readonly partition: number;
      readonly value: CommittedOffset | null;
    }
  | { readonly kind: 'group'; readonly groupId: string; readonly value: PersistedGroup | null };
