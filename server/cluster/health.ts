// The health sentence, computed: one code with its values, the worst thing first, and every other reason
// behind it. Pages turn codes into words in the reader's language; nothing here is prose.
// Pure: the same picture always gives the same sentence.

import type { HealthReason, HealthReport } from './health-report.ts';
import { storageReasons } from './health-storage.ts';
import type { ClusterOverview, LagVerdict } from './port.ts';

export interface HealthInput {
  readonly overview: ClusterOverview;
  /** Groups that are alive and don't read as they should, by what is wrong with them. */
  readonly groups: GroupTroubles;
  /** What fails in this console while it looks at the cluster; null or absent when nothing does. */
  readonly observer?: { readonly message: string } | null;
}

export type GroupTroubles = Readonly<Record<Exclude<LagVerdict, 'ok'>, readonly string[]>>;

/** For a moment whose groups nobody has judged. */
export const noGroupTroubles: GroupTroubles = { stopped: [], stalled: [], 'falling-behind': [] };

/** Every reason that holds, worst first. */
export function healthReasons({ overview, groups, observer }: HealthInput): readonly HealthReason[] {
  const stored = storageReasons(overview.brokers);
  const missing = overview.brokers.filter((broker) => broker.state === 'lost' || broker.state === 'fenced');
  const found: (HealthReason | null)[] = [
    leaderless(overview),
    counted({ code: 'OFFLINE_PARTITIONS', level: 'offline', href: '/topics?show=offline' }, overview.offlinePartitions),
    stored.failed,
    stored.full,
    counted({ code: 'UNDER_MIN_ISR', level: 'offline', href: '/topics?show=under-min-isr' }, overview.underMinIsrPartitions ?? 0),
    stored.damaged,
    named(
      { code: 'BROKERS_MISSING', level: 'lagging', href: '/brokers' },
      missing.map((broker) => String(broker.brokerId)),
    ),
    counted({ code: 'UNDER_REPLICATED', level: 'lagging', href: '/topics?show=under-replicated' }, overview.underReplicatedPartitions),
    stored.uncleanable,
    named({ code: 'GROUPS_STOPPED', level: 'lagging', href: '/groups?show=behind' }, groups.stopped),
    named({ code: 'GROUPS_STALLED', level: 'lagging', href: '/groups?show=behind' }, groups.stalled),
    named({ code: 'GROUPS_FALLING_BEHIND', level: 'lagging', href: '/groups?show=behind' }, groups['falling-behind']),
    observer == null ? null : { code: 'OBSERVER_FAILED', level: 'lagging', values: { message: observer.message }, href: '' },
  ];
  return found.filter((one) => one !== null);
}

/** The report: the worst reason speaks. `previous` is the last report, whose clock goes on while its code holds. */
export function toHealthReport(reasons: readonly HealthReason[], nowMs: number, previous: HealthReport | null): HealthReport {
  const worst = reasons[0] ?? healthy;
  const sinceMs = previous !== null && previous.code === worst.code ? previous.sinceMs : nowMs;
  return { level: worst.level, code: worst.code, values: worst.values, reasons, sinceMs };
}

/** The report of a cluster that does not answer. */
export function lostReport(addresses: readonly string[], sinceMs: number): HealthReport {
  const lost: HealthReason = { code: 'CLUSTER_LOST', level: 'offline', values: { addresses: addresses.join(', ') }, href: '' };
  return { level: lost.level, code: lost.code, values: lost.values, reasons: [lost], sinceMs };
}

/** With several voters the sentence says how many of them it takes; what can't be told is not made up. */
function leaderless({ controllerId, voters }: ClusterOverview): HealthReason | null {
  if (controllerId !== null) return null;
  const voterCount = voters?.length ?? 0;
  if (voterCount <= 1) return { code: 'NO_CONTROLLER', level: 'offline', values: {}, href: '/brokers' };
  const needed = Math.floor(voterCount / 2) + 1;
  return { code: 'NO_QUORUM', level: 'offline', values: { voters: voterCount, needed }, href: '/controller' };
}

type Finding = Omit<HealthReason, 'values'>;

const healthy: HealthReason = { code: 'HEALTHY', level: 'healthy', values: {}, href: '' };

function counted(finding: Finding, count: number): HealthReason | null {
  return count > 0 ? { ...finding, values: { count } } : null;
}

function named(finding: Finding, names: readonly string[]): HealthReason | null {
  return names.length > 0 ? { ...finding, values: { count: names.length, names: names.join(', ') }, names } : null;
}
