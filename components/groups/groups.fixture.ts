// Groups as a cluster describes them, for tests.
import type { GroupDetail, GroupMember, GroupOffset, GroupSummary } from '#server/cluster/port.ts';

export const offset = (partition: number, change: Partial<GroupOffset> = {}): GroupOffset => ({
  topic: 'orders',
  partition,
  committedOffset: 7,
  metadata: null,
  startOffset: 0,
  endOffset: 10,
  state: 'behind',
  lag: 3,
  memberId: 'm1',
  ...change,
});

export const member: GroupMember = {
  memberId: 'm1',
  instanceId: null,
  clientId: 'reader',
  host: '/127.0.0.1',
  assignment: [{ topic: 'orders', partitions: [0] }],
};

export const group = (change: Partial<GroupDetail> = {}): GroupDetail => ({
  groupId: 'readers',
  state: 'Stable',
  protocolType: 'consumer',
  protocol: 'range',
  groupType: 'classic',
  coordinatorId: 1,
  members: [member],
  offsets: [offset(0)],
  lag: 3,
  judgement: { verdict: 'ok', timeLag: { ms: 0, isAtLeast: false } },
  ...change,
});

export const summary = (groupId: string, change: Partial<GroupSummary> = {}): GroupSummary => ({
  groupId,
  state: 'Stable',
  protocolType: 'consumer',
  groupType: 'classic',
  coordinatorId: 1,
  memberCount: 1,
  lag: 0,
  judgement: { verdict: 'ok', timeLag: { ms: 0, isAtLeast: false } },
  topics: ['orders'],
  ...change,
});
