// Big-endian integers at a known place in a byte array, without a cursor and without a DataView: a
// batch header is read field by field on every produce and fetch, so nothing here allocates.
// int64 comes out as a number: exact up to +-(2^53 - 1), saturating beyond, as everywhere in the engine.

const twoTo32 = 4_294_967_296;

export function readInt16(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16)) >> 16;
}

export function readInt32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at) >>> 0;
}

export function readInt64(bytes: Uint8Array, at: number): number {
  const value = readInt32(bytes, at) * twoTo32 + readUint32(bytes, at + 4);
  if (value > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
  return value < Number.MIN_SAFE_INTEGER ? Number.MIN_SAFE_INTEGER : value;
}

/** All 64 bits, for the rare value that a number can't hold. */
export function readBigInt64(bytes: Uint8Array, at: number): bigint {
  return (BigInt(readInt32(bytes, at)) << 32n) | BigInt(readUint32(bytes, at + 4));
}

export function writeInt16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

export function writeInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24;
  bytes[at + 1] = value >> 16;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value;
}

export function writeInt64(bytes: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / twoTo32);
  writeInt32(bytes, at, high);
  writeInt32(bytes, at + 4, value - high * twoTo32);
}

export function writeBigInt64(bytes: Uint8Array, at: number, value: bigint): void {
  writeInt32(bytes, at, Number(BigInt.asIntN(32, value >> 32n)));
  writeInt32(bytes, at + 4, Number(BigInt.asIntN(32, value)));
}
