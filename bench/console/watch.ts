// Waiting, with an end: a page that draws nothing within its time is a figure of its own, not a benchmark that hangs.

export const pause = (delayMs: number): Promise<void> => new Promise((wake) => setTimeout(wake, delayMs));

/** null: it took longer, or the page broke under it. */
export async function within<Value>(limitMs: number, work: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((settle) => {
    timer = setTimeout(() => settle(null), limitMs);
  });
  try {
    return await Promise.race([work.catch(reportBroken), late]);
  } finally {
    clearTimeout(timer);
  }
}

function reportBroken(error: unknown): null {
  console.error(error instanceof Error ? error.message : error);
  return null;
}

/** Repeats a measurement; null as soon as one repetition gives nothing. */
export async function medianOf(rounds: number, measure: () => Promise<number | null>): Promise<number | null> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const value = await measure();
    if (value === null) return null;
    values.push(value);
  }
  return values.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? null;
}
