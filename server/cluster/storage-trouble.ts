// What is wrong with the disks and logs of a broker, from what it told and from what the protocol says. Pure.
// Invariant: each list has at most maxNamed entries; who reads them learns the first, not how many thousands follow.

import { assert } from '#engine/base/assert.ts';
import { numberIn, textIn, type Detail } from './event-detail.ts';
import type { TimelineFact } from './timeline/entry.ts';

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

/** What is known of a broker after it told this. */
export function afterStorageFact(before: StorageTrouble, kind: string, detail: Detail): StorageTrouble {
  return checked(changedBy(before, kind, detail));
}

function changedBy(before: StorageTrouble, kind: string, detail: Detail): StorageTrouble {
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

/** Of the facts that name what is wrong, those that still hold after one more, and that one if it names something itself. */
export function standingAfter(facts: readonly TimelineFact[], fact: TimelineFact): readonly TimelineFact[] {
  const alone = countNamed(troubleIn([fact]));
  // One that is undone by it, or told again by it, names nothing beside it.
  const others = facts.filter((one) => countNamed(troubleIn([one, fact])) > alone);
  const ofItsKind = others.filter(({ kind }) => kind === fact.kind).length;
  return alone > 0 && ofItsKind < maxNamed ? [...others, fact] : others;
}

export function troubleIn(facts: readonly TimelineFact[]): StorageTrouble {
  return facts.reduce((known, { kind, detail }) => afterStorageFact(known, kind, detail), noTrouble);
}

/** What two who know of the same broker know together. */
export function joinTrouble(left: StorageTrouble, right: StorageTrouble): StorageTrouble {
  return checked({
    fullDirectories: right.fullDirectories.reduce(withName, left.fullDirectories),
    failedDirectories: right.failedDirectories.reduce(withDirectory, left.failedDirectories),
    damagedLogs: right.damagedLogs.reduce(withName, left.damagedLogs),
    uncleanableLogs: right.uncleanableLogs.reduce(withName, left.uncleanableLogs),
  });
}

function checked(known: StorageTrouble): StorageTrouble {
  assert(
    listsOf(known).every(({ length }) => length <= maxNamed),
    'more is named of a storage than anybody reads',
  );
  return known;
}

function listsOf(known: StorageTrouble): readonly (readonly unknown[])[] {
  return [known.fullDirectories, known.failedDirectories, known.damagedLogs, known.uncleanableLogs];
}

function countNamed(known: StorageTrouble): number {
  return listsOf(known).reduce((sum, { length }) => sum + length, 0);
}

export function isTrouble(known: StorageTrouble): boolean {
  return countNamed(known) > 0;
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
