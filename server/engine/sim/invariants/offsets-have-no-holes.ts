// Without transactions and compaction, offsets of a partition follow each other without a gap.

import type { History, Violation } from '../history.ts';

export function offsetsHaveNoHoles(history: History): Violation[] {
  return [...history.finalLogs].flatMap(([topic, records]) => {
    const next = new Map<number, number>();
    return records.flatMap((record) => {
      const expected = next.get(record.partition) ?? 0;
      next.set(record.partition, record.offset + 1);
      return record.offset === expected ? [] : [`${topic}-${record.partition}: offset ${record.offset} stands where ${expected} should`];
    });
  });
}
