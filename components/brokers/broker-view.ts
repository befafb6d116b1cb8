// What the brokers say of themselves. Pure.
import type { BrokerReplica } from '#server/cluster/partition-replicas.ts';
import type { BrokerSummary } from '#server/cluster/port.ts';
import { fillRatio } from '#components/ui/format.ts';
import type { State } from '#components/ui/state-shape.tsx';

export function brokerState(broker: Pick<BrokerSummary, 'state' | 'storage'>): State {
  switch (broker.state) {
    case 'online':
      return broker.storage === undefined ? 'good' : 'watch';
    case 'lost':
      return 'offline';
    case 'fenced':
    case 'starting':
    case 'stopping':
      return 'watch';
  }
}

/** What is worst about its disks and logs; null where nothing is known to be wrong. */
export function worstTrouble({ storage }: Pick<BrokerSummary, 'storage'>): 'failed' | 'full' | 'damaged' | 'uncleanable' | null {
  if (storage === undefined) return null;
  if (storage.failedDirectories.length > 0) return 'failed';
  if (storage.fullDirectories.length > 0) return 'full';
  if (storage.damagedLogs.length > 0) return 'damaged';
  return storage.uncleanableLogs.length > 0 ? 'uncleanable' : null;
}

/** Most leaders over the mean: 1 is perfectly even. */
export function leaderSkew(brokers: readonly BrokerSummary[]): number | null {
  const counts = brokers.map((broker) => broker.leaderCount);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? null : Math.max(...counts) / (total / counts.length);
}

/** How full the volume is, whatever fills it. */
export function diskRatio(broker: Pick<BrokerSummary, 'diskTotalBytes' | 'diskUsableBytes'>): number | null {
  return fillRatio(broker.diskTotalBytes, broker.diskUsableBytes);
}

export type CopyRole = 'leads' | 'leadsElsewhere' | 'follows' | 'shouldLead' | 'leaderless';

export function copyRole({ leaderId, isLeader, isPreferred }: Pick<BrokerReplica, 'leaderId' | 'isLeader' | 'isPreferred'>): CopyRole {
  if (leaderId === null) return 'leaderless';
  if (isLeader) return isPreferred ? 'leads' : 'leadsElsewhere';
  return isPreferred ? 'shouldLead' : 'follows';
}

export function isBehind({ isInSync, lag }: Pick<BrokerReplica, 'isInSync' | 'lag'>): boolean {
  return !isInSync || (lag ?? 0) > 0;
}

export function filterCopies(
  copies: readonly BrokerReplica[],
  { text, onlyBehind }: { readonly text: string; readonly onlyBehind: boolean },
): readonly BrokerReplica[] {
  const wanted = text.trim().toLowerCase();
  return copies.filter((copy) => (!onlyBehind || isBehind(copy)) && `${copy.topic}-${copy.partition}`.toLowerCase().includes(wanted));
}
