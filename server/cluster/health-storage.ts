// Disks and logs in the health sentence. A full disk and a directory that is offline stand before every reason that they may be
// the cause of, so that no sentence says that nothing is at risk while they hold. Pure.

import type { BrokerSummary } from './broker-model.ts';
import type { HealthReason } from './health-report.ts';
import { noTrouble, type StorageTrouble } from './storage-trouble.ts';

export interface StorageReasons {
  readonly failed: HealthReason | null;
  readonly full: HealthReason | null;
  readonly damaged: HealthReason | null;
  readonly uncleanable: HealthReason | null;
}

type Finding = Pick<HealthReason, 'code' | 'level'>;

/** The sentence names so many logs; the pages of the brokers have them all. */
const namedLogs = 3;

export function storageReasons(brokers: readonly BrokerSummary[]): StorageReasons {
  return {
    failed: ofBrokers({ code: 'LOG_DIRECTORY_FAILED', level: 'offline' }, brokers, (storage) => storage.failedDirectories),
    full: ofBrokers({ code: 'DISK_FULL', level: 'offline' }, brokers, (storage) => storage.fullDirectories),
    damaged: ofLogs({ code: 'LOGS_DAMAGED', level: 'lagging' }, brokers, (storage) => storage.damagedLogs),
    uncleanable: ofLogs({ code: 'LOGS_UNCLEANABLE', level: 'lagging' }, brokers, (storage) => storage.uncleanableLogs),
  };
}

function ofBrokers(
  finding: Finding,
  brokers: readonly BrokerSummary[],
  thingsOf: (storage: StorageTrouble) => readonly unknown[],
): HealthReason | null {
  const ids = idsWith(brokers, thingsOf);
  if (ids.length === 0) return null;
  const names = ids.map(String);
  return { ...finding, values: { count: ids.length, names: names.join(', ') }, names, href: hrefOf(ids) };
}

function ofLogs(
  finding: Finding,
  brokers: readonly BrokerSummary[],
  logsOf: (storage: StorageTrouble) => readonly string[],
): HealthReason | null {
  const ids = idsWith(brokers, logsOf);
  const names = [...new Set(brokers.flatMap((broker) => logsOf(broker.storage ?? noTrouble)))];
  if (names.length === 0) return null;
  const first = `${names.slice(0, namedLogs).join(', ')}${names.length > namedLogs ? ', …' : ''}`;
  return { ...finding, values: { count: names.length, names: first, onBrokers: ids.join(', ') }, names, href: hrefOf(ids) };
}

function idsWith(brokers: readonly BrokerSummary[], thingsOf: (storage: StorageTrouble) => readonly unknown[]): readonly number[] {
  return brokers.filter((broker) => thingsOf(broker.storage ?? noTrouble).length > 0).map(({ brokerId }) => brokerId);
}

function hrefOf(brokerIds: readonly number[]): string {
  return brokerIds.length === 1 ? `/brokers/${brokerIds[0]}` : '/brokers';
}
