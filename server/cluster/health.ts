// The health sentence, computed: one code with its values, the worst thing first, and every other reason
// behind it. Pages turn codes into words in the reader's language; nothing here is prose.
// Pure: the same picture always gives the same sentence.

import type { ClusterOverview, HealthCode, HealthLevel, HealthReason, HealthReport } from './port.ts';

export interface HealthInput {
  readonly overview: ClusterOverview;
  /** Groups whose lag grew through the whole window watched. */
  readonly groupsFallingBehind: readonly string[];
}

/** Every reason that holds, worst first. */
export function healthReasons({ overview, groupsFallingBehind }: HealthInput): readonly HealthReason[] {
  const missing = overview.brokers.filter((broker) => broker.state === 'lost' || broker.state === 'fenced');
  const found: (HealthReason | null)[] = [
    overview.controllerId === null ? reason('NO_CONTROLLER', 'offline', {}, '/brokers') : null,
    counted('OFFLINE_PARTITIONS', 'offline', overview.offlinePartitions, '/topics?show=offline'),
    counted('UNDER_MIN_ISR', 'offline', overview.underMinIsrPartitions ?? 0, '/topics?show=under-min-isr'),
    named('BROKERS_MISSING', missing.map((broker) => String(broker.brokerId)), '/brokers'),
    counted('UNDER_REPLICATED', 'lagging', overview.underReplicatedPartitions, '/topics?show=under-replicated'),
    named('GROUPS_FALLING_BEHIND', groupsFallingBehind, '/groups?show=behind'),
  ];
  return found.filter((one) => one !== null);
}

/** The report: the worst reason speaks. `previous` is the last report, whose clock goes on while its code holds. */
export function toHealthReport(reasons: readonly HealthReason[], nowMs: number, previous: HealthReport | null): HealthReport {
  const worst = reasons[0] ?? reason('HEALTHY', 'healthy', {}, '');
  const sinceMs = previous !== null && previous.code === worst.code ? previous.sinceMs : nowMs;
  return { level: worst.level, code: worst.code, values: worst.values, reasons, sinceMs };
}

/** The report of a cluster that does not answer. */
export function lostReport(addresses: readonly string[], sinceMs: number): HealthReport {
  const lost = reason('CLUSTER_LOST', 'offline', { addresses: addresses.join(', ') }, '');
  return { level: lost.level, code: lost.code, values: lost.values, reasons: [lost], sinceMs };
}

function counted(code: HealthCode, level: HealthLevel, count: number, href: string): HealthReason | null {
  return count > 0 ? reason(code, level, { count }, href) : null;
}

function named(code: HealthCode, names: readonly string[], href: string): HealthReason | null {
  return names.length > 0 ? reason(code, 'lagging', { count: names.length, names: names.join(', ') }, href) : null;
}

function reason(code: HealthCode, level: HealthLevel, values: HealthReason['values'], href: string): HealthReason {
  return { code, level, values, href };
}
