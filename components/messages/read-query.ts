// What is read, as it stands in the URL, and the question it becomes. Pure.
import { isZone, utc } from '#components/ui/format.ts';
import type { ReadPosition, RecordView } from '#server/cluster/port.ts';

export const positions = ['newest', 'oldest', 'offset', 'timestamp'] as const;
export type PositionKind = (typeof positions)[number];
export const limits = [50, 100, 200, 500, 1000] as const;

export interface ReadQuery {
  readonly topic: string | null;
  readonly from: PositionKind;
  readonly offset: number;
  /** ISO time in UTC; null is the epoch, so that every record is that late. */
  readonly at: string | null;
  /** null is all. */
  readonly p: readonly number[] | null;
  readonly limit: number;
}

export function toPosition(query: ReadQuery): ReadPosition {
  switch (query.from) {
    case 'offset':
      return { kind: 'offset', offset: Math.max(0, query.offset) };
    case 'timestamp':
      return { kind: 'timestamp', timestampMs: parseTime(query.at) ?? 0 };
    case 'newest':
    case 'oldest':
      return { kind: query.from };
  }
}

/** "2026-11-22 13:59:31", with or without milliseconds or a T, is UTC; null when it is no time. */
export function parseTime(text: string | null): number | null {
  if (text === null) return null;
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)Z?$/.exec(text.trim());
  if (match === null) return null;
  const ms = Date.parse(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(ms) ? null : ms;
}

/** Names a record within its topic. */
export function recordKey(record: { readonly partition: number; readonly offset: number }): string {
  return `${record.partition}:${record.offset}`;
}

export function parseRecordKey(key: string): { readonly partition: number; readonly offset: number } | null {
  const match = /^(\d+):(\d+)$/.exec(key);
  return match === null ? null : { partition: Number(match[1]), offset: Number(match[2]) };
}

/** The zone that an address names, where this browser knows it; else UTC, which logs are in. */
export function zoneOf(name: string | null): string {
  return name !== null && isZone(name) ? name : utc;
}

export function sizeOf(record: RecordView): number {
  return (record.key?.sizeBytes ?? 0) + (record.value?.sizeBytes ?? 0);
}
