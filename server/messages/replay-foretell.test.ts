import { describe, expect, it } from 'vitest';
import { foretell, rulesOf, type TargetRules } from './replay-foretell.ts';
import type { ReplayCount } from './replay-model.ts';

const day = 86_400_000;
const nowMs = 1_795_000_000_000;
const rules = (configs: Readonly<Record<string, string>>): TargetRules =>
  rulesOf(
    Object.entries(configs).map(([name, value]) => ({
      name,
      value,
      source: 'topic',
      isReadOnly: false,
      isSensitive: false,
      documentation: null,
    })),
  );
const week = rules({ 'cleanup.policy': 'delete', 'retention.ms': String(7 * day) });
const counted = (change: Partial<ReplayCount> = {}): ReplayCount => ({
  partitions: [],
  recordCount: 5,
  sizeBytes: 100,
  missing: [],
  oldestMs: BigInt(nowMs - 30 * day),
  newestMs: BigInt(nowMs - 30 * day),
  largestRecordBytes: 50,
  keylessCount: 0,
  ...change,
});
const kept = { keepTimestamps: true, nowMs };

describe('records replayed into the past', () => {
  it('of last month go at the next sweep of a topic of seven days', () =>
    expect(foretell(week, counted(), kept)).toEqual([{ kind: 'expires', which: 'all', retentionMs: 7 * day }]));
  it('may go in part', () => expect(foretell(week, counted({ newestMs: BigInt(nowMs) }), kept)).toMatchObject([{ which: 'some' }]));
  it('are warned of before anything is counted', () => expect(foretell(week, null, kept)).toMatchObject([{ which: 'older' }]));
  it.each([
    ['with new times', week, { keepTimestamps: false, nowMs }],
    ['into a topic that stamps them itself', { ...week, hasAppendTime: true }, kept],
    ['into a compacted topic', rules({ 'cleanup.policy': 'compact', 'retention.ms': String(day) }), kept],
    ['into a topic that keeps all', rules({ 'cleanup.policy': 'delete', 'retention.ms': '-1' }), kept],
  ])('stay %s', (_how, target, choice) => expect(foretell(target, counted(), choice)).toEqual([]));
  it('stay where they are young enough', () =>
    expect(foretell(week, counted({ oldestMs: BigInt(nowMs - day), newestMs: BigInt(nowMs) }), kept)).toEqual([]));
});

describe('what a target refuses', () => {
  it('times ahead of its clock', () => {
    const target = rules({ 'message.timestamp.after.max.ms': '3600000', 'message.timestamp.before.max.ms': '9223372036854775807' });
    const ahead = counted({ oldestMs: 0n, newestMs: BigInt(nowMs + 2 * 3_600_000) });
    expect(foretell(target, ahead, kept)).toEqual([{ kind: 'ahead', limitMs: 3_600_000 }]);
  });
  it('times further back than it takes', () =>
    expect(foretell(rules({ 'message.timestamp.before.max.ms': String(day) }), counted(), kept)).toEqual([
      { kind: 'behind', limitMs: day },
    ]));
  it('records larger than its batches', () =>
    expect(foretell(rules({ 'max.message.bytes': '40' }), counted(), kept)).toEqual([
      { kind: 'too-large', limitBytes: 40, largestBytes: 50 },
    ]));
  it('records without a key, if it is compacted', () => {
    const keyless = counted({ keylessCount: 3 });
    expect(foretell(rules({ 'cleanup.policy': 'compact,delete', 'retention.ms': '-1' }), keyless, kept)).toEqual([
      { kind: 'keyless', count: 3 },
    ]);
    expect(foretell(rules({ 'cleanup.policy': 'delete' }), keyless, kept)).toEqual([]);
  });
});
