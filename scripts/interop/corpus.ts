// The records that every client carries: the conformance corpus with a partition and a time each, and what that corpus
// leaves out because some client can't send it - random bytes, header values that are null, records of nothing at all.
// Made from the index alone, so that every run and both ends know the same ones.

import { corpusRecord } from '#engine/conformance/record-corpus.ts';
import { seededRandom } from '#engine/sim/random.ts';

export const partitions = 4;
const firstTimestamp = 1_700_000_000_000;
const seed = 20_261_122;

export interface InteropHeader {
  readonly name: string;
  readonly value: Buffer | null;
}

export interface InteropRecord {
  readonly partition: number;
  /** Null where the client can't say it; the broker's own client then leaves it to the clock. */
  readonly timestamp: number | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly InteropHeader[];
}

export function makeCorpus(count: number): readonly InteropRecord[] {
  const random = seededRandom(seed);
  const randomBytes = (): Buffer => Buffer.concat([random.nextBytes(random.nextInt(40)), Buffer.from('\n\0\r\n\t'), random.nextBytes(3)]);
  return Array.from({ length: count }, (_, index) => {
    const plain = corpusRecord(index);
    const headers: InteropHeader[] = plain.headers.map(({ key, value }) => ({ name: key, value }));
    if (index % 29 === 0) headers.push({ name: 'nothing', value: null }, { name: 'empty', value: Buffer.alloc(0) });
    return {
      partition: index % partitions,
      timestamp: firstTimestamp + index * 7,
      key: index % 23 === 0 ? randomBytes() : plain.key,
      value: valueOf(index, plain.value, randomBytes),
      headers,
    };
  });
}

function valueOf(index: number, plain: Buffer | null, randomBytes: () => Buffer): Buffer | null {
  if (index % 187 === 0) return null; // 11 x 17: these have no key either
  return index % 5 === 0 && plain !== null && plain.length < 1000 ? randomBytes() : plain;
}
