// How records travel between this program and the clients' own processes, and how they are compared: one line a record,
// tabs between partition, offset, time, key, value and headers; bytes in hexadecimal, `-` for null, so that null and empty,
// and every byte, stay apart. A line that a producer is given has no offset.

import type { InteropHeader, InteropRecord } from './corpus.ts';

const hex = (bytes: Buffer | null): string => (bytes === null ? '-' : bytes.toString('hex'));
const headersText = (headers: readonly InteropHeader[]): string => headers.map(({ name, value }) => `${name}=${hex(value)}`).join(',');

function contentOf({ timestamp, key, value, headers }: InteropRecord): string {
  return [timestamp ?? '*', hex(key), hex(value), headersText(headers)].join('\t');
}

/** What a producer's process reads. */
export function toWriteLine(record: InteropRecord): string {
  return `${record.partition}\t${contentOf(record)}`;
}

/** What a consumer's process writes, and what is expected of it. */
export function toReadLine(record: InteropRecord, offset: number | bigint | string): string {
  return `${record.partition}\t${offset}\t${contentOf(record)}`;
}

/** The lines of a whole topic that holds exactly these records, partition by partition, with offsets from 0 on. */
export function expectedLines(records: readonly InteropRecord[]): readonly string[] {
  const next = new Map<number, number>();
  const lines = records.map((record) => {
    const offset = next.get(record.partition) ?? 0;
    next.set(record.partition, offset + 1);
    return toReadLine(record, offset);
  });
  return byPartition(lines);
}

/** Partitions come interleaved as they please; within one the order stays as it was read. */
export function byPartition(lines: readonly string[]): readonly string[] {
  const groups = Map.groupBy(lines, (line) => Number(line.slice(0, line.indexOf('\t'))));
  return [...groups].toSorted(([left], [right]) => left - right).flatMap(([, group]) => group);
}

/** Null when all is equal; else a sentence with the first difference. */
export function differenceOf(expected: readonly string[], found: readonly string[]): string | null {
  const mask = (line: string, like: string): string => (like.includes('\t*\t') ? line.replace(/^(\d+\t\d+\t)[^\t]*/, '$1*') : line);
  const at = expected.findIndex((line, index) => mask(found[index] ?? '', line) !== line);
  if (at >= 0) return `record ${at} should be ${shorten(expected[at]!)} and is ${shorten(found[at] ?? 'missing')}`;
  return found.length === expected.length ? null : `${found.length} records came, ${expected.length} were written`;
}

function shorten(line: string): string {
  return JSON.stringify(line.length > 240 ? `${line.slice(0, 240)}...` : line);
}
