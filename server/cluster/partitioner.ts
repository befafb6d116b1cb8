// Which partition a record goes to, as the Java client decides it, so that the console's records land where a
// program's would: murmur2 of the key, or one partition after the other for records without a key. Pure.

const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;
const shift = 24;

/** MurmurHash2 with Kafka's seed; a signed 32-bit number, as in Java. */
export function murmur2(bytes: Uint8Array): number {
  let hash = seed ^ bytes.length;
  const wholeBytes = bytes.length & ~3;
  for (let at = 0; at < wholeBytes; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    let mixed = Math.imul(word, multiplier);
    mixed ^= mixed >>> shift;
    hash = Math.imul(hash, multiplier) ^ Math.imul(mixed, multiplier);
  }
  return finish(mixTail(hash, bytes, wholeBytes));
}

function mixTail(hash: number, bytes: Uint8Array, from: number): number {
  const left = bytes.length - from;
  if (left === 0) return hash;
  let mixed = hash;
  if (left === 3) mixed ^= bytes[from + 2]! << 16;
  if (left >= 2) mixed ^= bytes[from + 1]! << 8;
  mixed ^= bytes[from]!;
  return Math.imul(mixed, multiplier);
}

function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 13);
  mixed = Math.imul(mixed, multiplier);
  return mixed ^ (mixed >>> 15);
}

/** The partition of a key among `partitionCount`, numbered from 0. */
export function partitionOfKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fff_ffff) % partitionCount;
}

/** Chooses for a stream of records. `nextBatch` moves keyless records on, so that they spread and still batch. */
export class Partitioner {
  readonly #partitionCount: number;
  #keyless: number;

  constructor(partitionCount: number, firstKeyless = 0) {
    this.#partitionCount = partitionCount;
    this.#keyless = firstKeyless % partitionCount;
  }

  choose(key: Uint8Array | null): number {
    return key === null ? this.#keyless : partitionOfKey(key, this.#partitionCount);
  }

  nextBatch(): void {
    this.#keyless = (this.#keyless + 1) % this.#partitionCount;
  }
}
