// The kinds of request whose next one the lab can drop, by Kafka's own names: what clients and brokers say all the time.
// Kinds that pass once in a cluster's life are left out; over the API every key can be named.

export const requestKinds: readonly { readonly key: number; readonly name: string }[] = [
  { key: 0, name: 'Produce' },
  { key: 1, name: 'Fetch' },
  { key: 2, name: 'ListOffsets' },
  { key: 3, name: 'Metadata' },
  { key: 8, name: 'OffsetCommit' },
  { key: 9, name: 'OffsetFetch' },
  { key: 10, name: 'FindCoordinator' },
  { key: 11, name: 'JoinGroup' },
  { key: 12, name: 'Heartbeat' },
  { key: 13, name: 'LeaveGroup' },
  { key: 14, name: 'SyncGroup' },
  { key: 18, name: 'ApiVersions' },
  { key: 19, name: 'CreateTopics' },
  { key: 20, name: 'DeleteTopics' },
  { key: 22, name: 'InitProducerId' },
  { key: 52, name: 'Vote' },
  { key: 53, name: 'BeginQuorumEpoch' },
  { key: 54, name: 'EndQuorumEpoch' },
  { key: 56, name: 'AlterPartition' },
  { key: 63, name: 'BrokerHeartbeat' },
];

export function requestName(key: number): string {
  return requestKinds.find((kind) => kind.key === key)?.name ?? `API ${key}`;
}
