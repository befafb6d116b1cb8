// What a target will refuse or drop of a replay, told before it runs. A topic's retention judges the records' own times, not
// that of their arrival: five records of last month, replayed with their times into a topic of seven days, are gone at the
// next sweep. Pure.

import type { ConfigEntry } from '#server/cluster/port.ts';
import type { Foretold, ReplayCount } from './replay-model.ts';

/** The settings of a topic that judge what is written to it; null is no limit, or not told. */
export interface TargetRules {
  readonly isCompacted: boolean;
  /** Of a topic that deletes by age. */
  readonly retentionMs: number | null;
  readonly maxMessageBytes: number | null;
  /** The broker writes its own time into each record. */
  readonly hasAppendTime: boolean;
  readonly aheadLimitMs: number | null;
  readonly behindLimitMs: number | null;
}

export function rulesOf(configs: readonly ConfigEntry[]): TargetRules {
  const values = new Map(configs.map(({ name, value }) => [name, value]));
  const policies = (values.get('cleanup.policy') ?? '').split(',').map((policy) => policy.trim());
  return {
    isCompacted: policies.includes('compact'),
    retentionMs: policies.includes('delete') ? limitOf(values.get('retention.ms')) : null,
    maxMessageBytes: limitOf(values.get('max.message.bytes')),
    hasAppendTime: values.get('message.timestamp.type') === 'LogAppendTime',
    aheadLimitMs: limitOf(values.get('message.timestamp.after.max.ms')),
    behindLimitMs: limitOf(values.get('message.timestamp.before.max.ms')),
  };
}

export interface Choice {
  readonly keepTimestamps: boolean;
  readonly nowMs: number;
}

/** `count` is null while nothing was counted: then only what the settings alone tell. */
export function foretell(rules: TargetRules, count: ReplayCount | null, choice: Choice): readonly Foretold[] {
  return [...foretellTimes(rules, count, choice), ...foretellRecords(rules, count)];
}

function foretellTimes(rules: TargetRules, count: ReplayCount | null, { keepTimestamps, nowMs }: Choice): readonly Foretold[] {
  const foretold: Foretold[] = [];
  if (!keepTimestamps || rules.hasAppendTime) return foretold;
  const which = rules.retentionMs === null ? null : expiring(count, BigInt(nowMs - rules.retentionMs));
  if (rules.retentionMs !== null && which !== null) foretold.push({ kind: 'expires', which, retentionMs: rules.retentionMs });
  const [oldest, newest] = [count?.oldestMs ?? null, count?.newestMs ?? null];
  if (newest !== null && rules.aheadLimitMs !== null && newest > BigInt(nowMs + rules.aheadLimitMs))
    foretold.push({ kind: 'ahead', limitMs: rules.aheadLimitMs });
  if (oldest !== null && rules.behindLimitMs !== null && oldest < BigInt(nowMs - rules.behindLimitMs))
    foretold.push({ kind: 'behind', limitMs: rules.behindLimitMs });
  return foretold;
}

function expiring(count: ReplayCount | null, keptSinceMs: bigint): 'all' | 'some' | 'older' | null {
  if (count === null) return 'older';
  if (count.oldestMs === null || count.newestMs === null || count.oldestMs >= keptSinceMs) return null;
  return count.newestMs < keptSinceMs ? 'all' : 'some';
}

function foretellRecords({ isCompacted, maxMessageBytes }: TargetRules, count: ReplayCount | null): readonly Foretold[] {
  if (count === null) return [];
  const foretold: Foretold[] = [];
  if (maxMessageBytes !== null && count.largestRecordBytes > maxMessageBytes)
    foretold.push({ kind: 'too-large', limitBytes: maxMessageBytes, largestBytes: count.largestRecordBytes });
  if (isCompacted && count.keylessCount > 0) foretold.push({ kind: 'keyless', count: count.keylessCount });
  return foretold;
}

/** Kafka writes "no limit" as -1 or as the largest number that there is. */
function limitOf(value: string | null | undefined): number | null {
  const limit = Number(value ?? -1);
  return Number.isSafeInteger(limit) && limit >= 0 ? limit : null;
}
