// An acknowledged record is at its offset, with its value, whatever crashed in between.

import type { History, Violation } from '../history.ts';

export function acknowledgedIsReadable(history: History): Violation[] {
  const found = new Map<string, string>();
  for (const [topic, records] of history.finalLogs)
    for (const record of records) found.set(`${topic}-${record.partition}@${record.offset}`, record.value);
  return history.acknowledged.flatMap((record) => {
    const at = `${record.topic}-${record.partition}@${record.offset}`;
    const value = found.get(at);
    return value === record.value ? [] : [`${at} was acknowledged as ${record.value} and holds ${value ?? 'nothing'}`];
  });
}
