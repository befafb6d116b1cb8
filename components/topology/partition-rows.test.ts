import { describe, expect, test } from 'vitest';
import { csvField, partitionRows, toCsv } from './partition-rows.ts';
import { OffsetRates } from './offset-rates.ts';
import { fromSnapshot } from './scene/cluster-state.ts';
import { broker, group, partition, snapshot, startMs, topic } from './scene/harbour.fixture.ts';

const lagging = (groupId: string, lag: number | null) => ({
  ...group(groupId, 'c', { orders: [0] }),
  offsets: [
    {
      topic: 'orders',
      partition: 0,
      committedOffset: 1,
      metadata: null,
      startOffset: 0,
      endOffset: 9,
      state: 'behind' as const,
      lag,
      memberId: null,
    },
  ],
});
const state = fromSnapshot(
  snapshot({ topics: [topic('orders', 2), topic('__consumer_offsets', 1)], groups: [lagging('slow', 50), lagging('fast', 1)] }),
);

describe('the table twin', () => {
  const rows = partitionRows(state, { showInternal: false, rates: new Map([['orders-1', 12.34]]) });

  test('has a row for each partition of the topics shown', () => {
    expect(rows.map((row) => row.key)).toEqual(['orders-0', 'orders-1']);
    expect(partitionRows(state, { showInternal: true, rates: new Map() }).map((row) => row.key)).toContain('__consumer_offsets-0');
  });

  test('tells the worst lag and everyone who reads', () => {
    expect(rows[0]).toMatchObject({ lag: 50, readers: ['fast', 'slow'] });
  });

  test('without a reader there is no lag, which is not a lag of nought', () => {
    expect(rows[1]).toMatchObject({ lag: null, readers: [] });
  });

  test('an unreadable lag is unknown', () => {
    const unread = fromSnapshot(snapshot({ topics: [topic('orders', 1)], groups: [lagging('g', null)] }));
    expect(partitionRows(unread, { showInternal: false, rates: new Map() })[0]).toMatchObject({ lag: null, readers: ['g'] });
  });

  test('shows the same states as the cells', () => {
    const broken = fromSnapshot(
      snapshot({
        brokers: [broker(1), broker(2, { state: 'lost' }), broker(3)],
        topics: [{ name: 'orders', topicId: null, isInternal: false, partitions: [partition(0, 3, { isr: [1] })] }],
      }),
    );
    expect(partitionRows(broken, { showInternal: false, rates: new Map() })[0]?.cells.map((cell) => cell.state)).toEqual([
      'leader',
      'stopped',
      'out-of-sync',
    ]);
  });

  test('goes out as CSV, one line a partition', () => {
    expect(toCsv(rows)).toBe(
      'topic,partition,leader,leader_epoch,replicas,isr,end_offset,records_per_second,worst_lag,groups\r\norders,0,1,0,1 2 3,1 2 3,0,,50,fast slow\r\norders,1,2,0,2 3 1,2 3 1,0,12.3,,\r\n',
    );
  });
});

describe('a field of the file', () => {
  test.each([
    [null, ''],
    [5, '5'],
    [-5, '-5'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "so"', '"say ""so"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['-cmd', "'-cmd"],
  ])('%j is %j', (value, expected) => {
    expect(csvField(value)).toBe(expected);
  });
});

describe('rates from offsets', () => {
  const at = (endOffset: number, ms: number) =>
    snapshot({
      atMs: startMs + ms,
      topics: [{ name: 'orders', topicId: null, isInternal: false, partitions: [partition(0, 3, { endOffset })] }],
    });

  test('are not known from one picture', () => {
    const rates = new OffsetRates();
    rates.take(at(10, 0));
    expect(rates.rates().size).toBe(0);
  });

  test('are measured over the last seconds', () => {
    const rates = new OffsetRates();
    for (let second = 0; second <= 20; second += 1) rates.take(at(second < 10 ? 0 : (second - 10) * 30, second * 1_000));
    expect(rates.rates().get('orders-0')).toBe(30);
  });

  test('the same picture twice changes nothing', () => {
    const rates = new OffsetRates();
    rates.take(at(0, 0));
    rates.take(at(30, 1_000));
    rates.take(at(30, 1_000));
    expect(rates.rates().get('orders-0')).toBe(30);
  });

  test('never run backwards when a topic is made anew', () => {
    const rates = new OffsetRates();
    rates.take(at(900, 0));
    rates.take(at(3, 1_000));
    expect(rates.rates().get('orders-0')).toBe(0);
  });
});
