// Which client writes how much to which broker, from what brokers count once a second. It is known whether or not somebody
// watches single records, so it can stand in the record of the past.
// Invariant: at most maxNamed clients have a name in the answer; the rest of each broker's records is one flow without one.

import type { BrokerMetrics } from '#server/supervisor/ipc.ts';
import type { ClientWrites } from '../live-model.ts';
import { staleAfterMs } from './metrics-rates.ts';

/** Clients told by name: what a picture can show, and a keyframe can hold. */
export const maxNamed = 24;
/** Looks that a rate is averaged over, a second each. */
const keptLooks = 3;
/** A broker's first look has none before it to be measured from. */
const usualLookUs = 1_000_000;

type Look = Pick<BrokerMetrics, 'atMs' | 'atUs' | 'writers'> & { readonly spanUs: number };

export class WriterFlows {
  readonly #looks = new Map<number, readonly Look[]>();

  take({ brokerId, atMs, atUs, writers }: BrokerMetrics): void {
    const before = this.#looks.get(brokerId) ?? [];
    const spanUs = atUs - (before.at(-1)?.atUs ?? atUs - usualLookUs);
    // A clock that went back is another process's.
    this.#looks.set(brokerId, spanUs <= 0 ? [] : [...before, { atMs, atUs, writers, spanUs }].slice(-keptLooks));
  }

  flows(nowMs: number): readonly ClientWrites[] {
    const fresh = [...this.#looks].map(([brokerId, looks]) => ({
      brokerId,
      looks: looks.filter((look) => nowMs - look.atMs < staleAfterMs),
    }));
    const flows = fresh.flatMap(({ brokerId, looks }) => flowsOf(brokerId, looks));
    const named = busiest(flows);
    return [...flows.filter(({ clientId }) => clientId !== null && named.has(clientId)), ...restOf(flows, named)];
  }
}

function flowsOf(brokerId: number, looks: readonly Look[]): readonly ClientWrites[] {
  const seconds = looks.reduce((sum, look) => sum + look.spanUs, 0) / 1e6;
  const records = new Map<string | null, number>();
  for (const { writers } of looks) {
    for (const { clientId, records: count } of writers.named) records.set(clientId, (records.get(clientId) ?? 0) + count);
    if (writers.others > 0) records.set(null, (records.get(null) ?? 0) + writers.others);
  }
  return [...records].map(([clientId, count]) => ({ clientId, brokerId, recordsPerSecond: count / seconds }));
}

function busiest(flows: readonly ClientWrites[]): ReadonlySet<string> {
  const rates = new Map<string, number>();
  for (const { clientId, recordsPerSecond } of flows)
    if (clientId !== null) rates.set(clientId, (rates.get(clientId) ?? 0) + recordsPerSecond);
  const names = [...rates].sort(([aId, a], [bId, b]) => b - a || aId.localeCompare(bId)).map(([clientId]) => clientId);
  return new Set(names.slice(0, maxNamed));
}

function restOf(flows: readonly ClientWrites[], named: ReadonlySet<string>): readonly ClientWrites[] {
  const rest = new Map<number, number>();
  for (const { clientId, brokerId, recordsPerSecond } of flows)
    if (clientId === null || !named.has(clientId)) rest.set(brokerId, (rest.get(brokerId) ?? 0) + recordsPerSecond);
  return [...rest].map(([brokerId, recordsPerSecond]) => ({ clientId: null, brokerId, recordsPerSecond }));
}
