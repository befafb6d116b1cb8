// Who wrote at a moment of the record: names for the left column, and rates for the pipes. Single records are not recorded,
// so these rates are what the brokers counted in the seconds before the keyframe.

import type { ClientWrites } from '#server/cluster/port.ts';
import { otherWriters } from './cards.ts';
import type { EdgeBook } from './edges.ts';
import type { Structure } from './layout.ts';
import { cardOfClient } from './structure.ts';

/** A moment that nothing was counted at has no pipe for it. */
function flowing(writes: readonly ClientWrites[]): readonly ClientWrites[] {
  return writes.filter(({ recordsPerSecond }) => recordsPerSecond > 0);
}

export function recordedWriters(writes: readonly ClientWrites[]): readonly string[] {
  return [...new Set(flowing(writes).flatMap(({ clientId }) => (clientId === null ? [] : [clientId])))].toSorted();
}

export function hasOtherWriters(writes: readonly ClientWrites[]): boolean {
  return flowing(writes).some(({ clientId }) => clientId === null);
}

/** Writes the rates onto the edges of the cards that the clients stand on. What end offsets told of all writers together
 *  gives way to it, or every record would be shown twice. */
export function measureWrites(edges: EdgeBook, structure: Structure, writes: readonly ClientWrites[]): void {
  for (const edge of edges.all) if (edge.kind === 'produce') edge.measuredPerSecond = 0;
  for (const { clientId, brokerId, recordsPerSecond } of flowing(writes)) {
    const cardKey = clientId === null ? otherWriters.key : cardOfClient(structure, clientId);
    if (cardKey === undefined) continue;
    const edge = edges.client('produce', cardKey, brokerId);
    edge.measuredPerSecond = (edge.measuredPerSecond ?? 0) + recordsPerSecond;
  }
}
