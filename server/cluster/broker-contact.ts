// Whether the brokers can be reached where they say they are. Metadata comes from any address that answers, but records
// come from the brokers' advertised addresses, which may hold good only where the brokers stand. Pure.

import type { HealthReason } from './health-report.ts';

export interface BrokerContact {
  readonly brokerId: number;
  /** host:port as the broker advertises it. */
  readonly address: string;
  /** Why it can't be reached from here; null: it answered. */
  readonly reason: string | null;
}

/** Where to put each in the report: nothing can be read when no broker is reached, some of it when some are. */
export interface ContactReasons {
  readonly worst: readonly HealthReason[];
  readonly beside: readonly HealthReason[];
}

export function contactReasons(contacts: readonly BrokerContact[]): ContactReasons {
  const out = contacts.filter((contact) => contact.reason !== null);
  if (out.length === 0) return { worst: [], beside: [] };
  const names = out.map(({ address }) => address);
  const values = { reached: contacts.length - out.length, count: contacts.length, names: names.join(', ') };
  const reason = { code: 'BROKERS_UNREACHABLE', values, names, href: '/brokers' } as const;
  return out.length === contacts.length
    ? { worst: [{ ...reason, level: 'offline' }], beside: [] }
    : { worst: [], beside: [{ ...reason, level: 'lagging' }] };
}
