// Which records become dots when there are more records than a screen can show.
// Invariant: the choice is a function of (topic, partition, offset, ratio) alone, so that the same record is
// shown at every hop, and every full block of `ratio` offsets yields exactly one dot, so that
// ratio x dots equals the ledger to within one block a partition. Plain hashing would only do so on average.

/** The ratios a badge may show: people read "1 dot = 50 records", not 37. */
export const ratioLadder: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];

/** How far the load must fall below the cap before a finer ratio is tried again. */
const refineBelow = 0.85;

/** FNV-1a over UTF-16 units: the seed of a topic. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function mix(seed: number, value: number): number {
  let hash = Math.imul(seed ^ value, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Which offset within block `block` stands for the block: 0 <= result < ratio. */
function chosenInBlock(topicSeed: number, partition: number, block: { readonly index: number; readonly ratio: number }): number {
  const low = block.index % 0x1_0000_0000;
  const high = Math.floor(block.index / 0x1_0000_0000);
  return mix(mix(mix(topicSeed, partition), low), high) % block.ratio;
}

export interface OffsetRange {
  readonly topicSeed: number;
  readonly partition: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
}

export function isSampled(range: Pick<OffsetRange, 'topicSeed' | 'partition'>, offset: number, ratio: number): boolean {
  if (ratio === 1) return true;
  const index = Math.floor(offset / ratio);
  return offset - index * ratio === chosenInBlock(range.topicSeed, range.partition, { index, ratio });
}

/** Visits the sampled offsets of a range in order; costs one step a block, not one a record. */
export function forEachSampled(range: OffsetRange, ratio: number, visit: (offset: number) => void): void {
  const lastBlock = Math.floor(range.lastOffset / ratio);
  for (let index = Math.floor(range.baseOffset / ratio); index <= lastBlock; index += 1) {
    const offset = index * ratio + (ratio === 1 ? 0 : chosenInBlock(range.topicSeed, range.partition, { index, ratio }));
    if (offset >= range.baseOffset && offset <= range.lastOffset) visit(offset);
  }
}

export interface RatioDemand {
  /** Dots a second that would be drawn if every record were. */
  readonly dotsPerSecond: number;
  readonly travelMs: number;
  readonly dotCap: number;
}

/** The ratio to draw by now. Coarser at once, finer only with a margin, so that the badge doesn't flicker. */
export function chooseRatio(current: number, demand: RatioDemand): number {
  const alive = (ratio: number): number => (demand.dotsPerSecond * demand.travelMs) / 1_000 / ratio;
  const fits = ratioLadder.find((ratio) => alive(ratio) <= demand.dotCap) ?? ratioLadder.at(-1)!;
  if (fits >= current) return fits;
  const fitsWithMargin = ratioLadder.find((ratio) => alive(ratio) <= demand.dotCap * refineBelow) ?? current;
  return Math.min(current, fitsWithMargin);
}
