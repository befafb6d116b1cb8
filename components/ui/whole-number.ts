// What a number field holds. It hands back text for what it can't take as a number (leading zeros, more digits than a
// double has), and treating that as nothing would quietly ask for something else than what stands there.

/** null for an empty field; what is larger than a safe integer becomes the largest one, which every bound refuses. */
export function toWhole(value: number | string): number | null {
  if (typeof value === 'string' && !/^\d+$/.test(value.trim())) return null;
  return Math.min(Math.max(0, Math.trunc(Number(value))), Number.MAX_SAFE_INTEGER);
}
