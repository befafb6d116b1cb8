// The records that every client has to carry through a broker unchanged: keys and none, tombstones, empty values, binary bytes,
// long values, headers that repeat. Made from their index alone, so that both ends of a test know what to expect.

export interface CorpusRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer }[];
}

const longEvery = 997;

/** The record number `index`, always the same. */
export function corpusRecord(index: number): CorpusRecord {
  return { key: keyOf(index), value: valueOf(index), headers: headersOf(index) };
}

function keyOf(index: number): Buffer | null {
  if (index % 11 === 0) return null;
  if (index % 13 === 0) return Buffer.alloc(0);
  return Buffer.from(`key-${index % 500}-${'ä'.repeat(index % 3)}`);
}

function valueOf(index: number): Buffer | null {
  // A record without key and value would be legal too, but some clients can't send it.
  if (index % 17 === 0 && index % 11 !== 0) return null;
  if (index % 19 === 0) return Buffer.alloc(0);
  if (index % longEvery === 0) return Buffer.alloc(50_000, index % 251);
  return Buffer.from(Array.from({ length: 8 + (index % 64) }, (_, at) => (index * 31 + at * 7) % 256));
}

function headersOf(index: number): CorpusRecord['headers'] {
  if (index % 3 !== 0) return [];
  return [
    { key: 'twice', value: Buffer.from(`first-${index}`) },
    { key: 'once', value: Buffer.from([0, 255, index % 256]) },
    { key: 'twice', value: Buffer.from(`second-${index}`) },
  ];
}

/** Text that is equal exactly when two records are equal byte for byte. */
export function fingerprint(record: {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[];
}): string {
  const hex = (bytes: Buffer | null): string => (bytes === null ? 'null' : bytes.toString('hex'));
  return [hex(record.key), hex(record.value), ...record.headers.map(({ key, value }) => `${key}=${hex(value)}`)].join('|');
}
