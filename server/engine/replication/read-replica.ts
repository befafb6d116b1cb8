// Which replica a consumer had better read from (KIP-392): one in its own rack, so that its bytes need not cross to another. Only
// replicas in sync are offered, and only those that have the offset asked for; the leader is as good as any in its rack.

export interface ReadReplica {
  readonly brokerId: number;
  readonly rack: string | null;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  /** The last time it had everything the leader had. */
  readonly lastCaughtUpMs: number;
}

export interface Reader {
  /** As the client names it; empty when it doesn't. */
  readonly rack: string;
  readonly fetchOffset: number;
}

/** The follower to read from; null: stay with the leader. */
export function nearestReplica(reader: Reader, leaderRack: string | null, inSync: Iterable<ReadReplica>): number | null {
  if (reader.rack === '' || reader.rack === leaderRack) return null;
  let best: ReadReplica | null = null;
  for (const replica of inSync) {
    const hasOffset = replica.logStartOffset <= reader.fetchOffset && reader.fetchOffset <= replica.logEndOffset;
    if (replica.rack !== reader.rack || !hasOffset) continue;
    if (best === null || isFresher(replica, best)) best = replica;
  }
  return best?.brokerId ?? null;
}

/** The same answer for everybody as long as nothing changes: the id decides in the end. */
function isFresher(a: ReadReplica, b: ReadReplica): boolean {
  if (a.logEndOffset !== b.logEndOffset) return a.logEndOffset > b.logEndOffset;
  if (a.lastCaughtUpMs !== b.lastCaughtUpMs) return a.lastCaughtUpMs > b.lastCaughtUpMs;
  return a.brokerId > b.brokerId;
}
