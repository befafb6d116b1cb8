// Between a classic group and the record that keeps its generation.

import { DecodeError } from '#engine/bytes/errors.ts';
import { decodeSubscription } from '#engine/protocol/group-records/consumer-protocol.ts';
import type { GroupRecord, PersistedGroup } from '../records.ts';
import type { GroupTurn } from '../turn.ts';
import { ClassicGroup } from './classic-group.ts';
import { metadataFor, type ClassicMember } from './member.ts';

/** Writes the group as it is now. */
export function persist(group: ClassicGroup, turn: GroupTurn): void {
  turn.write(toRecord(group));
}

export function toRecord(group: ClassicGroup): GroupRecord {
  const value: PersistedGroup = {
    protocolType: group.protocolType ?? '',
    generationId: group.generationId,
    protocolName: group.protocolName,
    leaderId: group.leaderId,
    currentStateTimestampMs: group.stateSinceMs,
    members: Array.from(group.members(), (member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.client.clientId,
      clientHost: member.client.clientHost,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      sessionTimeoutMs: member.sessionTimeoutMs,
      subscription: metadataFor(member, group.protocolName),
      assignment: member.assignment,
    })),
  };
  return { kind: 'group', groupId: group.groupId, value };
}

/** The group as its last record tells it: stable with its members, or empty. */
export function fromPersisted(groupId: string, value: PersistedGroup, nowMs: number): ClassicGroup {
  const group = new ClassicGroup(groupId, value.currentStateTimestampMs < 0 ? nowMs : value.currentStateTimestampMs);
  for (const persisted of value.members) {
    const member: ClassicMember = {
      memberId: persisted.memberId,
      groupInstanceId: persisted.groupInstanceId,
      client: { clientId: persisted.clientId, clientHost: persisted.clientHost },
      rebalanceTimeoutMs: persisted.rebalanceTimeoutMs < 0 ? persisted.sessionTimeoutMs : persisted.rebalanceTimeoutMs,
      sessionTimeoutMs: persisted.sessionTimeoutMs,
      protocols: [{ name: value.protocolName ?? '', metadata: persisted.subscription }],
      assignment: persisted.assignment,
      parkedJoin: null,
      parkedSync: null,
      isNew: false,
    };
    group.add(member, value.protocolType);
  }
  group.state = value.members.length === 0 ? 'Empty' : 'Stable';
  group.generationId = value.generationId;
  group.protocolType = value.protocolType === '' ? null : value.protocolType;
  group.protocolName = value.protocolName;
  if (value.leaderId !== null && group.member(value.leaderId) !== undefined) group.leaderId = value.leaderId;
  group.subscribedTopics = subscribedTopics(group);
  return group;
}

/** The union of the members' subscriptions; null when the group isn't one of consumers or one can't be read. */
export function subscribedTopics(group: ClassicGroup): ReadonlySet<string> | null {
  if (group.protocolType !== 'consumer' || group.protocolName === null || group.size === 0) return null;
  const topics = new Set<string>();
  for (const member of group.members()) {
    const subscription = readSubscribedTopics(metadataFor(member, group.protocolName));
    if (subscription === null) return null;
    for (const topic of subscription) topics.add(topic);
  }
  return topics;
}

// The metadata is the client's own: what can't be read only means that offsets don't expire by topic.
function readSubscribedTopics(metadata: Uint8Array): readonly string[] | null {
  try {
    return decodeSubscription(metadata).topics;
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
