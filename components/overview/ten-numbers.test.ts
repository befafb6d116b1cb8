import { describe, expect, it } from 'vitest';
import type { BrokerSummary, ClusterOverview } from '#server/cluster/port.ts';
import { countIsrChanges, lookOf } from './incident-words.ts';
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
  it('counts changes of in-sync sets within the window only', () =>
    expect(
      countIsrChanges(
        [
          { atMs: 5, kind: 'isr-changed' },
          { atMs: 1, kind: 'isr-changed' },
          { atMs: 9, kind: 'leader-changed' },
        ],
        3,
      ),
    ).toBe(1));
  it('never swallows a kind it does not know', () => expect(lookOf('something-new')).toMatchObject({ word: 'other', mark: 'circle' }));
});
