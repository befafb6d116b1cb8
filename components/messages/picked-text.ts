// Picked records as they stand in the address, which servers and proxies cut off at a few thousand characters. Within a
// partition offsets are written as steps: `2:100-3.5.2-1` is 100 with the next 3, then 5 further, then 2 further with the
// next one. Whole pages of rows become a few characters, scattered picks about three each. Pure.
import { parseRecordKey, recordKey } from './read-query.ts';

/** Proxies commonly take 8 kB for a whole address; this leaves room for the rest of it. */
export const maxPickedText = 4_000;
/** As many as one replay takes; a typed address can't ask for more. */
export const maxPicked = 10_000;

/** null when so many scattered records don't fit into an address. */
export function toPickedText(keys: readonly string[]): string | null {
  if (keys.length > maxPicked) return null;
  const text = [...offsetsByPartition(keys)].map(([partition, offsets]) => `${partition}:${toSteps(offsets)}`).join(',');
  return text.length > maxPickedText ? null : text;
}

/** What can't be read is left out: an address can be typed. Takes plain lists (`0:4,0:7`) as older links hold them. */
export function fromPickedText(text: string): readonly string[] {
  const keys = new Set<string>();
  for (const part of text.split(',')) {
    const [, partition, steps] = /^(\d+):([\d.-]+)$/.exec(part) ?? [];
    if (partition === undefined || steps === undefined) continue;
    for (const offset of fromSteps(steps, maxPicked - keys.size)) keys.add(recordKey({ partition: Number(partition), offset }));
  }
  return [...keys];
}

function offsetsByPartition(keys: readonly string[]): ReadonlyMap<number, readonly number[]> {
  const sorted = keys
    .flatMap((key) => parseRecordKey(key) ?? [])
    .toSorted((left, right) => left.partition - right.partition || left.offset - right.offset);
  const found = new Map<number, number[]>();
  for (const { partition, offset } of sorted) {
    const offsets = found.get(partition);
    if (offsets === undefined) found.set(partition, [offset]);
    else if (offsets.at(-1) !== offset) offsets.push(offset);
  }
  return found;
}

function toSteps(offsets: readonly number[]): string {
  const steps: string[] = [];
  let last = 0;
  for (let at = 0; at < offsets.length;) {
    const first = offsets[at] ?? 0;
    let more = 0;
    while (offsets[at + more + 1] === first + more + 1) more += 1;
    steps.push(`${first - last}${more === 0 ? '' : `-${more}`}`);
    last = first + more;
    at += more + 1;
  }
  return steps.join('.');
}

/** At most `most` offsets: `0-9007199254740991` must not fill the memory. */
function fromSteps(steps: string, most: number): readonly number[] {
  const offsets: number[] = [];
  let last = 0;
  for (const step of steps.split('.')) {
    const [, gap, more] = /^(\d+)(?:-(\d+))?$/.exec(step) ?? [];
    if (gap === undefined) return offsets;
    const first = last + Number(gap);
    last = first + Number(more ?? 0);
    for (let offset = first; offset <= last && offsets.length < most; offset += 1) offsets.push(offset);
    if (!Number.isSafeInteger(last) || offsets.length === most) return offsets.filter(Number.isSafeInteger);
  }
  return offsets;
}
