// The scale of the heat map: each partition against its own usual. Pure.

/** Where a rate stands against the partition's own usual: 0 is still, 5 usual, 10 twice as much or more. */
export function heatLevel(rate: number | null, usual: number | null): number | null {
  if (rate === null || usual === null) return null;
  if (usual === 0) return rate === 0 ? 5 : 10;
  return Math.max(0, Math.min(10, Math.round((rate / usual) * 5)));
}

/** The middle of what was seen: a burst, such as a replay, would lift a mean and make all else look still. */
export function usualRate(rates: readonly (number | null)[]): number | null {
  const known = rates.filter((rate) => rate !== null).toSorted((a, b) => a - b);
  if (known.length === 0) return null;
  const upper = known[known.length >> 1]!;
  return known.length % 2 === 1 ? upper : (upper + known[(known.length >> 1) - 1]!) / 2;
}
