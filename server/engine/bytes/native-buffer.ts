// The few of Node's Buffer functions that make text and memory fast, named here without Node's types: the
// pure rooms compile records with this room and must not be able to name anything else of Node.

export interface NativeBuffer extends Uint8Array {
  subarray(start?: number, end?: number): NativeBuffer;
  toString(encoding?: 'utf8', start?: number, end?: number): string;
  write(text: string, at: number, sizeBytes: number, encoding: 'utf8'): number;
  fill(byte: number): this;
}

interface NativeBufferConstructor {
  isBuffer(bytes: Uint8Array): bytes is NativeBuffer;
  from(memory: ArrayBufferLike, at: number, sizeBytes: number): NativeBuffer;
  /** Memory with whatever was in it: the caller writes all that it hands out. */
  allocUnsafe(sizeBytes: number): NativeBuffer;
  /** The same, in an allocation of its own and not out of a shared pool. */
  allocUnsafeSlow(sizeBytes: number): NativeBuffer;
  byteLength(text: string): number;
  concat(chunks: readonly Uint8Array[]): NativeBuffer;
}

export const nativeBuffer: NativeBufferConstructor = (globalThis as unknown as { readonly Buffer: NativeBufferConstructor }).Buffer;

/** The same bytes with Buffer's functions on them; no copy. */
export function toNativeBuffer(bytes: Uint8Array): NativeBuffer {
  return nativeBuffer.isBuffer(bytes) ? bytes : nativeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
