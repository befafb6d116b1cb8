// A record of an idempotent producer is stored once, however often it was sent.

import type { History, Violation } from '../history.ts';

export function idempotentWritesOnce(history: History): Violation[] {
  return [...history.finalLogs].flatMap(([topic, records]) => {
    const at = new Map<string, number>();
    return records.flatMap((record) => {
      const before = at.get(record.value);
      at.set(record.value, record.offset);
      return before === undefined ? [] : [`${topic}-${record.partition}: ${record.value} stands at ${before} and at ${record.offset}`];
    });
  });
}
