// What the brokers say of themselves. Pure.
import type { BrokerSummary } from '#server/cluster/port.ts';
import { fillRatio } from '#components/ui/format.ts';
import type { State } from '#components/ui/state-shape.tsx';

export function brokerState(broker: Pick<BrokerSummary, 'state'>): State {
  switch (broker.state) {
    case 'online':
      return 'good';
    case 'lost':
      return 'offline';
    case 'fenced':
    case 'starting':
    case 'stopping':
      return 'watch';
  }
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

export function address(broker: Pick<BrokerSummary, 'host' | 'port'>): string {
  return broker.host.includes(':') ? `[${broker.host}]:${broker.port}` : `${broker.host}:${broker.port}`;
}
