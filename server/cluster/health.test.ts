import { expect, test } from 'vitest';
import { healthReasons, noGroupTroubles, lostReport, toHealthReport } from './health.ts';
import type { BrokerSummary, ClusterOverview } from './port.ts';
import { noTrouble, type StorageTrouble } from './storage-trouble.ts';

const broker = (brokerId: number, state: BrokerSummary['state'] = 'online'): BrokerSummary => ({
  brokerId,
  host: 'h',
  port: 1,
  rack: null,
  state,
  isController: false,
  isVoter: null,
  leaderCount: 0,
  replicaCount: 0,
  diskUsedBytes: null,
  diskTotalBytes: null,
  diskUsableBytes: null,
  rates: null,
  process: null,
});

function overview(change: Partial<ClusterOverview> = {}): ClusterOverview {
  return {
    clusterId: 'c',
    controllerId: 1,
    controllerEpoch: 1,
    voters: [1],
    kafkaVersion: '4.3',
    brokers: [broker(1), broker(2)],
    topicCount: 1,
    partitionCount: 6,
    internalTopicCount: 0,
    internalPartitionCount: 0,
    offlinePartitions: 0,
    underReplicatedPartitions: 0,
    underMinIsrPartitions: 0,
    atMs: 0,
    ...change,
  };
}

const reasonsOf = (change: Partial<ClusterOverview>, falling: readonly string[] = []) =>
  healthReasons({ overview: overview(change), groups: { ...noGroupTroubles, 'falling-behind': falling } });

const trouble = (change: Partial<StorageTrouble>): StorageTrouble => ({ ...noTrouble, ...change });

test('a full disk speaks before everything that it makes happen, and leads to its broker', () => {
  const brokers = [broker(1), { ...broker(2), storage: trouble({ fullDirectories: ['/data'] }) }];
  const reasons = reasonsOf({ brokers, underReplicatedPartitions: 4, underMinIsrPartitions: 1 });
  expect(reasons.map(({ code }) => code)).toEqual(['DISK_FULL', 'UNDER_MIN_ISR', 'UNDER_REPLICATED']);
  expect(reasons[0]).toMatchObject({ level: 'offline', values: { count: 1, names: '2' }, href: '/brokers/2' });
});

test('while a disk is full, a directory offline or a log damaged, the sentence is never that nothing is at risk', () => {
  for (const storage of [
    trouble({ fullDirectories: ['/data'] }),
    trouble({ failedDirectories: [{ directory: '/data', reason: 'EIO' }] }),
    trouble({ damagedLogs: ['orders-3'] }),
  ]) {
    const report = toHealthReport(reasonsOf({ brokers: [broker(1), { ...broker(2), storage }], underReplicatedPartitions: 2 }), 0, null);
    expect(['HEALTHY', 'UNDER_REPLICATED']).not.toContain(report.code);
  }
});

test('logs are named with their brokers, the first few of many', () => {
  const storage = trouble({ uncleanableLogs: ['a-0', 'b-1', 'c-2', 'd-3'] });
  const [reason] = reasonsOf({
    brokers: [
      { ...broker(1), storage },
      { ...broker(3), storage: trouble({ uncleanableLogs: ['a-0'] }) },
    ],
  });
  expect(reason).toMatchObject({
    code: 'LOGS_UNCLEANABLE',
    values: { count: 4, names: 'a-0, b-1, c-2, …', onBrokers: '1, 3' },
    href: '/brokers',
  });
});

test('a cluster without a fault has no reason, and says it is healthy', () => {
  expect(toHealthReport(reasonsOf({}), 5, null)).toEqual({ level: 'healthy', code: 'HEALTHY', values: {}, reasons: [], sinceMs: 5 });
});

test('the worst thing speaks, and every other reason stands behind it in order', () => {
  const everything = {
    controllerId: null,
    offlinePartitions: 2,
    underMinIsrPartitions: 3,
    underReplicatedPartitions: 4,
    brokers: [broker(1), broker(2, 'lost'), broker(3, 'fenced')],
  };
  const report = toHealthReport(reasonsOf(everything, ['billing']), 1, null);
  expect(report.reasons.map((reason) => reason.code)).toEqual([
    'NO_CONTROLLER',
    'OFFLINE_PARTITIONS',
    'UNDER_MIN_ISR',
    'BROKERS_MISSING',
    'UNDER_REPLICATED',
    'GROUPS_FALLING_BEHIND',
  ]);
  expect(report).toMatchObject({ level: 'offline', code: 'NO_CONTROLLER' });
});

test.each([
  [{ controllerId: null, voters: [1, 2, 3] }, [], 'offline', { voters: 3, needed: 2 }],
  [{ controllerId: null, voters: [1, 2, 3, 4, 5] }, [], 'offline', { voters: 5, needed: 3 }],
  [{ controllerId: null, voters: [1, 2, 3, 4] }, [], 'offline', { voters: 4, needed: 3 }],
  [{ offlinePartitions: 14 }, [], 'offline', { count: 14 }],
  [{ underMinIsrPartitions: 1 }, [], 'offline', { count: 1 }],
  [{ underReplicatedPartitions: 7 }, [], 'lagging', { count: 7 }],
  [{ brokers: [broker(1), broker(2, 'lost'), broker(5, 'fenced')] }, [], 'lagging', { count: 2, names: '2, 5' }],
  [{}, ['a', 'b'], 'lagging', { count: 2, names: 'a, b' }],
] as const)('%o with groups %o is %s', (...[change, groups, level, values]) => {
  expect(reasonsOf(change, groups)).toMatchObject([{ level, values }]);
});

test.each([null, [1]])('nobody leads, and the voters are %j: no majority is spoken of', (voters) => {
  expect(reasonsOf({ controllerId: null, voters })).toMatchObject([{ code: 'NO_CONTROLLER', values: {} }]);
});

test('a frozen quorum is worse than anything it makes happen, and leads to the page of the votes', () => {
  const [worst] = reasonsOf({ controllerId: null, voters: [1, 2, 3], offlinePartitions: 9, brokers: [broker(1), broker(2, 'lost')] });
  expect(worst).toMatchObject({ code: 'NO_QUORUM', href: '/controller' });
});

test('a group whose name holds a comma is still one group', () => {
  expect(reasonsOf({}, ['a, b', 'c'])).toMatchObject([{ code: 'GROUPS_FALLING_BEHIND', names: ['a, b', 'c'] }]);
});

test('what a cluster cannot tell is no fault', () => {
  expect(reasonsOf({ underMinIsrPartitions: null })).toEqual([]);
});

test('a broker that starts or drains is not missing: an announced restart is no alarm', () => {
  expect(reasonsOf({ brokers: [broker(1, 'starting'), broker(2, 'stopping')] })).toEqual([]);
});

test('the clock of a state goes on while it holds and begins anew when it changes', () => {
  const degraded = toHealthReport(reasonsOf({ underReplicatedPartitions: 1 }), 100, null);
  const still = toHealthReport(reasonsOf({ underReplicatedPartitions: 9 }), 200, degraded);
  const worse = toHealthReport(reasonsOf({ offlinePartitions: 1 }), 300, still);
  expect([degraded.sinceMs, still.sinceMs, worse.sinceMs]).toEqual([100, 100, 300]);
  expect(toHealthReport(reasonsOf({}), 400, worse).sinceMs).toBe(400);
});

test('every reason leads to the page that lists it', () => {
  for (const reason of reasonsOf({ offlinePartitions: 1, underReplicatedPartitions: 1 }, ['g']))
    expect(reason.href).toMatch(/^\/(topics|groups|brokers)/);
});

test('a cluster that does not answer names the addresses, since when', () => {
  expect(lostReport(['a:1', 'b:2'], 9)).toMatchObject({
    level: 'offline',
    code: 'CLUSTER_LOST',
    values: { addresses: 'a:1, b:2' },
    sinceMs: 9,
  });
});
