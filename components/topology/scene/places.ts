// Places don't move: whoever comes first keeps its slot, whoever leaves frees it, and a newcomer takes the
// first free one. Only so can eyes follow one partition through an election.

/** A row of slots; null is a free one. */
export type Slots = readonly (string | null)[];

/** Gives every present key a slot and keeps those that had one. */
export function claimSlots(before: Slots, present: readonly string[]): Slots {
  const wanted = new Set(present);
  const slots = before.map((key) => (key !== null && wanted.has(key) ? key : null));
  const placed = new Set(slots);
  let free = 0;
  for (const key of present) {
    if (placed.has(key)) continue;
    // Newcomers may be thousands, so the search for a free slot goes on where the last one ended.
    free = free < 0 ? -1 : slots.indexOf(null, free);
    if (free < 0) slots.push(key);
    else slots[free] = key;
    placed.add(key);
  }
  while (slots.length > 0 && slots.at(-1) === null) slots.pop();
  return sameSlots(before, slots) ? before : slots;
}

export function sameSlots(a: Slots, b: Slots): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
