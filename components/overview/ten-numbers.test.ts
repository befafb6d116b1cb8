import { describe, expect, it } from 'vitest';
import type { BrokerSummary, ClusterOverview, GroupSummary, LagVerdict } from '#server/cluster/port.ts';
import { foldIncidents, lookOf, type Incident } from './incident-words.ts';
import { keyNumbers, type KeyNumber, type NumberInput } from './ten-numbers.ts';

const broker = (more: Partial<BrokerSummary> = {}): BrokerSummary => ({
  brokerId: 1,
  host: 'h',
  port: 1,
  rack: null,
  state: 'online',
  isController: true,
  isVoter: null,
  leaderCount: 1,
  replicaCount: 1,
  diskUsedBytes: null,
  diskTotalBytes: null,
  diskUsableBytes: null,
  rates: null,
  process: null,
  ...more,
});
const overview = (more: Partial<ClusterOverview> = {}): ClusterOverview => ({
  clusterId: 'c',
  controllerId: 1,
  controllerEpoch: null,
  voters: null,
  kafkaVersion: null,
  brokers: [broker()],
  topicCount: 1,
  partitionCount: 18,
  internalTopicCount: 0,
  internalPartitionCount: 0,
  offlinePartitions: 0,
  underReplicatedPartitions: 0,
  underMinIsrPartitions: null,
  atMs: 1,
  ...more,
});
const numbers = (more: Partial<NumberInput> = {}): ReadonlyMap<string, KeyNumber> =>
  new Map(keyNumbers({ overview: overview(), rates: [], groups: null, isrChanges: null, ...more }).map((number) => [number.id, number]));

describe('what nobody can tell is unknown, never nought', () => {
  it.each(['underMin', 'isrChanges', 'bytesIn', 'produceP99', 'worstLag', 'disk'])('%s', (id) =>
    expect(numbers().get(id)).toMatchObject({ value: null, state: 'unknown' }),
  );
  it('but no groups at all is a lag of nought', () => expect(numbers({ groups: [] }).get('worstLag')?.value).toBe(0));
});

describe('verdicts', () => {
  it('an offline partition is bad, a copy short is watched', () => {
    const found = numbers({ overview: overview({ offlinePartitions: 2, underReplicatedPartitions: 3 }) });
    expect([found.get('offline')?.verdict, found.get('underReplicated')?.verdict]).toEqual(['bad', 'watch']);
  });
  it("are of all partitions, Kafka's own among them and told apart", () =>
    expect(numbers({ overview: overview({ internalPartitionCount: 50 }) }).get('offline')?.values).toEqual({ all: 68, internal: 50 }));
  it('no controller is bad', () =>
    expect(numbers({ overview: overview({ controllerId: null }) }).get('controller')).toMatchObject({ value: 0, verdict: 'bad' }));
  it('a fenced broker is not online', () =>
    expect(numbers({ overview: overview({ brokers: [broker(), broker({ brokerId: 2, state: 'fenced' })] }) }).get('brokers')).toMatchObject(
      { value: 1, verdict: 'watch', values: { all: 2, fenced: 1 } },
    ));
  it('the fullest disk speaks, whatever fills it', () =>
    expect(
      numbers({
        overview: overview({
          brokers: [
            broker({ diskTotalBytes: 100, diskUsableBytes: 90 }),
            broker({ brokerId: 2, diskTotalBytes: 100, diskUsableBytes: 20 }),
          ],
        }),
      }).get('disk'),
    ).toMatchObject({ value: 0.8, verdict: 'watch', values: { broker: 2 } }));
});

describe('the timeline', () => {
  it('never swallows a kind it does not know', () =>
    expect(lookOf({ kind: 'something-new', detail: {} })).toMatchObject({ word: 'other', mark: 'circle' }));
});

describe('what happened, folded', () => {
  const event = (atMs: number, kind: string, more: Partial<Incident> = {}): Incident => ({
    atMs,
    kind,
    subject: 'orders-0',
    detail: {},
    ...more,
  });
  const rebalance = (atMs: number, state: string): Incident =>
    event(atMs, 'group-state-changed', { subject: 'billing', detail: { state } });

  it('a rebalance is told by how it ended', () =>
    expect(
      foldIncidents([rebalance(1_300, 'Stable'), rebalance(1_200, 'CompletingRebalance'), rebalance(1_000, 'PreparingRebalance')]),
    ).toEqual([rebalance(1_300, 'Stable')]));
  it('a rebalance that goes on is told by where it stands', () =>
    expect(foldIncidents([rebalance(1_200, 'PreparingRebalance'), rebalance(1_000, 'Stable')])[0]).toEqual(
      rebalance(1_200, 'PreparingRebalance'),
    ));
  it('two rebalances minutes apart are two', () =>
    expect(foldIncidents([rebalance(200_000, 'Stable'), rebalance(1_000, 'Stable')])).toHaveLength(2));
  it('groups never hide each other, and nothing else is folded', () => {
    const events = [
      rebalance(1_200, 'Stable'),
      event(1_100, 'group-state-changed', { subject: 'clicks' }),
      event(1_000, 'broker-lost'),
      event(900, 'broker-lost'),
    ];
    expect(foldIncidents(events)).toEqual(events);
  });
  it('a leader that was not in sync is told though it follows nobody, and as trouble where records may be lost', () => {
    const by = (kind: string): Incident =>
      event(2, 'leader-changed', { detail: { previousLeaderId: -1, leaderId: 1, why: { kind, params: { broker: 1 } } } });
    const elections = ['elected-eligible', 'elected-last-known', 'elected-unclean'].map(by);
    expect(foldIncidents(elections)).toEqual(elections);
    expect(elections.map((one) => lookOf(one).isTrouble)).toEqual([false, true, true]);
  });
  it('a first leader is no move, a lost one is', () => {
    const lost = event(2, 'leader-changed', { detail: { previousLeaderId: 1, leaderId: -1 } });
    expect(foldIncidents([lost, event(1, 'leader-changed', { detail: { previousLeaderId: -1, leaderId: 1 } })])).toEqual([lost]);
  });
});

describe('numbers that say why they are absent', () => {
  const rate = { atMs: 1, recordsInPerSecond: 0, recordsOutPerSecond: 0, bytesInPerSecond: 0, bytesOutPerSecond: 0, idleRatios: null };
  it('a cluster where nothing was written is not one that cannot tell', () => {
    const idle = numbers({ rates: [{ ...rate, produceP99Ms: null, fetchP99Ms: 500 }] }).get('produceP99');
    const mute = numbers({ rates: [{ ...rate, produceP99Ms: null, fetchP99Ms: null }] }).get('produceP99');
    expect([idle?.values['isIdle'], mute?.values['isIdle']]).toEqual([1, 0]);
  });
  const lagging = (groupId: string, lag: number | null, verdict: LagVerdict | null): GroupSummary => ({
    groupId,
    state: 'Stable',
    protocolType: 'consumer',
    groupType: 'classic',
    coordinatorId: 1,
    memberCount: 1,
    lag,
    judgement: { verdict, timeLag: null },
    topics: ['orders'],
  });
  it.each([
    ['ok', 'good'],
    [null, 'good'],
    ['falling-behind', 'behind'],
    ['stopped', 'behind'],
    ['stalled', 'behind'],
  ] as const)('a group judged %s makes the lag %s', (verdict, expected) =>
    expect(numbers({ groups: [lagging('g', 900, verdict)] }).get('worstLag')?.verdict).toBe(expected),
  );
  it("what a group without members left behind is nobody's lag", () => {
    const left = { ...lagging('left', 18_000, null), memberCount: 0, judgement: null };
    expect(numbers({ groups: [left, lagging('reads', 3, 'ok')] }).get('worstLag')).toMatchObject({ value: 3, values: { group: 'reads' } });
    expect(numbers({ groups: [left] }).get('worstLag')?.value).toBe(0);
  });
  it('changes of in-sync sets that are not all kept are told as at least', () =>
    expect(numbers({ isrChanges: { count: 20_000, isWhole: false } }).get('isrChanges')).toMatchObject({
      value: 20_000,
      values: { isWhole: 0 },
    }));
});
