// What is wrong with the disks and logs of a broker, from what it told and from what the protocol says. Pure.
// Invariant: each list has at most maxNamed entries; who reads them learns the first, not how many thousands follow.

import { numberIn, textIn, type Detail } from './event-detail.ts';

export interface FailedDirectory {
  readonly directory: string;
  /** As the operating system, or Kafka's error code, has it. */
  readonly reason: string;
}

export interface StorageTrouble {
  /** Log directories in which a write found no room. */
  readonly fullDirectories: readonly string[];
  /** Log directories that are offline. */
  readonly failedDirectories: readonly FailedDirectory[];
  /** Logs in which bytes that were valid once no longer are, as "orders-3". */
  readonly damagedLogs: readonly string[];
  /** Logs that are not compacted any more until the broker restarts. */
  readonly uncleanableLogs: readonly string[];
}

export const noTrouble: StorageTrouble = { fullDirectories: [], failedDirectories: [], damagedLogs: [], uncleanableLogs: [] };

export const maxNamed = 500;

/** The kinds of the timeline that change what is known of a broker's storage. */
export const storageKinds: readonly string[] = [
  'broker-started',
  'disk-full',
  'disk-writable',
  'log-directory-failed',
  'log-damaged',
  'log-uncleanable',
  'topic-deleted',
];

/** What is known of a broker after it told this. Answers the same object where the fact says nothing of its storage. */
export function afterStorageFact(before: StorageTrouble, kind: string, detail: Detail): StorageTrouble {
  const directory = textIn(detail, 'directory') ?? '';
  switch (kind) {
    case 'broker-started':
      // A new process looks at its disks and logs anew, and tells again what is still wrong.
      return noTrouble;
    case 'disk-full':
      return { ...before, fullDirectories: withName(before.fullDirectories, directory) };
    case 'disk-writable':
      return { ...before, fullDirectories: before.fullDirectories.filter((one) => one !== directory) };
    case 'log-directory-failed':
      return {
        ...before,
        failedDirectories: withDirectory(before.failedDirectories, { directory, reason: textIn(detail, 'reason') ?? '' }),
      };
    case 'log-damaged':
      return { ...before, damagedLogs: withName(before.damagedLogs, logName(detail)) };
    case 'log-uncleanable':
      return { ...before, uncleanableLogs: withName(before.uncleanableLogs, logName(detail)) };
    case 'topic-deleted':
      return withoutTopic(before, textIn(detail, 'topic') ?? '');
    default:
      return before;
  }
}

/** What two who know of the same broker know together. */
export function joinTrouble(left: StorageTrouble, right: StorageTrouble): StorageTrouble {
  return {
    fullDirectories: right.fullDirectories.reduce(withName, left.fullDirectories),
    failedDirectories: right.failedDirectories.reduce(withDirectory, left.failedDirectories),
    damagedLogs: right.damagedLogs.reduce(withName, left.damagedLogs),
    uncleanableLogs: right.uncleanableLogs.reduce(withName, left.uncleanableLogs),
  };
}

export function isTrouble(known: StorageTrouble): boolean {
  return Object.values(known).some((things: readonly unknown[]) => things.length > 0);
}

function logName(detail: Detail): string {
  return `${textIn(detail, 'topic') ?? ''}-${numberIn(detail, 'partition') ?? -1}`;
}

function withName(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) || names.length >= maxNamed ? names : [...names, name];
}

function withDirectory(known: readonly FailedDirectory[], failed: FailedDirectory): readonly FailedDirectory[] {
  const isKnown = known.some(({ directory }) => directory === failed.directory);
  return isKnown || known.length >= maxNamed ? known : [...known, failed];
}

function withoutTopic(before: StorageTrouble, topic: string): StorageTrouble {
  const isOther = (log: string): boolean => log.slice(0, log.lastIndexOf('-')) !== topic;
  const [damagedLogs, uncleanableLogs] = [before.damagedLogs.filter(isOther), before.uncleanableLogs.filter(isOther)];
  const isSame = damagedLogs.length === before.damagedLogs.length && uncleanableLogs.length === before.uncleanableLogs.length;
  return isSame ? before : { ...before, damagedLogs, uncleanableLogs };
}
