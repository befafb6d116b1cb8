// The scale of the heat map: each partition against its own usual. Pure.

/** Where a rate stands against the partition's own usual: 0 is still, 5 usual, 10 twice as much or more. */
export function heatLevel(rate: number | null, usual: number | null): number | null {
  if (rate === null || usual === null) return null;
  if (usual === 0) return rate === 0 ? 5 : 10;
  return Math.max(0, Math.min(10, Math.round((rate / usual) * 5)));
}

export function usualRate(rates: readonly (number | null)[]): number | null {
  const known = rates.filter((rate) => rate !== null);
  return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0) / known.length;
}
