// Everything the broker needs from outside itself: time, randomness, disk, network, compression.
// `world/node` implements these over Node; `sim` implements them from a seed, so the very same broker
// code runs in a deterministic simulation. Nothing else in the engine may import `node:*`.

export interface Clock {
  /** Wall-clock milliseconds since the epoch: record timestamps and retention only. May jump. */
  nowMs(): number;
  /** Monotonic microseconds, common to all processes of one machine: durations and event order. */
  monotonicUs(): number;
}

declare const timerTag: unique symbol;
/** Opaque: only the Timers that made it know what it is. */
export interface TimerHandle {
  readonly [timerTag]: true;
}

export interface Timers {
  /** Calls `fire` once after at least `delayMs`. */
  setTimer(delayMs: number, fire: () => void): TimerHandle;
  clearTimer(handle: TimerHandle): void;
  /** Calls `fire` after the I/O that is ready now has been seen (setImmediate). */
  soon(fire: () => void): void;
}

export interface Random {
  /** A uniform integer in [0, bound). */
  nextInt(bound: number): number;
  nextBytes(length: number): Uint8Array;
}

// -- disk --------------------------------------------------------------------------------------------

export type FileErrorCode = 'not-found' | 'exists' | 'no-space' | 'denied' | 'not-a-directory' | 'is-a-directory' | 'too-many-open' | 'io';

/** What a FileSystem throws, and nothing else. `path` is as given by the caller. */
export class FileError extends Error {
  override readonly name: string = 'FileError';
  readonly code: FileErrorCode;
  readonly path: string;
  constructor(code: FileErrorCode, path: string, message: string) {
    super(`${message} (${code}: ${path})`);
    this.code = code;
    this.path = path;
  }
}

/**
 * A failed fsync, of a file or of a directory, whichever call it was part of. A full disk can be waited out when a write met it,
 * but not when an fsync reports it: the kernel may have dropped the pages, and the next fsync would succeed without them. The
 * error has a class of its own so that no caller has to know which of its calls contain an fsync.
 */
export class SyncError extends FileError {
  override readonly name = 'SyncError';
}

/**
 * A file open for positional reads and writes. Reads and writes are synchronous because they meet
 * the page cache (a decision record says what that costs); only `sync` waits for the device.
 */
export interface RandomAccessFile {
  readonly path: string;
  /** Fills `target` from `position`; returns the bytes read, fewer only at the end of the file. */
  read(target: Uint8Array, position: number): number;
  /** Writes all the chunks one behind the other from `position`, or throws FileError. */
  write(chunks: readonly Uint8Array[], position: number): void;
  truncate(sizeBytes: number): void;
  sizeBytes(): number;
  /** fsync, off the thread. A rejection (SyncError) is final: never retry a failed fsync. */
  sync(): Promise<void>;
  /** fsync, blocking, of what was written in the same turn. Refused beside another one of the file, which might hear of the failure alone. */
  syncNow(): void;
  close(): void;
}

export type OpenMode = 'read' | 'read-write' | 'create' | 'create-new';

export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

export interface FileSystem {
  /** 'read-write' needs the file to exist, 'create' makes it when absent, 'create-new' needs it absent. */
  open(path: string, mode: OpenMode): RandomAccessFile;
  readAll(path: string): Uint8Array;
  /** Replaces `path` so that a crash leaves the old or the new content: tmp, fsync, rename, fsync of the directory. */
  replaceAtomically(path: string, content: Uint8Array): void;
  /** False only for what is certainly absent; throws where that can't be found out. */
  exists(path: string): boolean;
  sizeBytes(path: string): number;
  modifiedMs(path: string): number;
  list(directory: string): readonly DirectoryEntry[];
  makeDirectories(path: string): void;
  rename(from: string, to: string): void;
  /** Removes a file or a whole tree; absent is fine. */
  remove(path: string): void;
  syncDirectory(path: string): void;
  /** Of the volume that holds `path`, in bytes. */
  space(path: string): { readonly totalBytes: number; readonly usableBytes: number };
  /** Tells of each open file whose sync has failed, whoever asked for it. Absent where only callers ask for syncs: they are told anyway. */
  onSyncFailed?(listen: (error: FileError) => void): void;
}

// -- network -----------------------------------------------------------------------------------------

export type NetworkErrorCode =
  | 'address-in-use'
  | 'address-not-available'
  | 'denied'
  | 'refused'
  | 'reset'
  | 'timed-out'
  | 'unreachable'
  | 'too-many-open'
  | 'io';

/** What listen() and connect() reject with, and what onClose tells when an end was not clean. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: NetworkErrorCode;
  constructor(code: NetworkErrorCode, message: string) {
    super(`${message} (${code})`);
    this.code = code;
  }
}

export interface ByteStream {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  /** Bytes accepted by write() and not yet taken by the kernel. */
  readonly bufferedBytes: number;
  /** The memory of a chunk is read into again once onData's listener has returned: who keeps any of it copies it. */
  readonly lendsChunks: boolean;
  onData(take: (chunk: Buffer) => void): void;
  /** Once, with the reason when the end was not clean. Nothing follows it. */
  onClose(take: (reason: Error | undefined) => void): void;
  onDrain(take: () => void): void;
  /**
   * Returns false when the caller should stop until onDrain. `onTaken` is called once the chunks' memory is no longer needed,
   * or never when the stream breaks first.
   */
  write(chunks: readonly Uint8Array[], onTaken?: () => void): boolean;
  pause(): void;
  resume(): void;
  /** Sends what is buffered, then closes. */
  end(): void;
  destroy(reason?: Error): void;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Where to listen, and how many connections the operating system may keep that were not accepted yet. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly backlog: number;
}

export interface Network {
  listen(address: ListenAddress, accept: (stream: ByteStream) => void): Promise<Listener>;
  connect(address: { readonly host: string; readonly port: number; readonly timeoutMs: number }): Promise<ByteStream>;
}

// -- compression and digests -------------------------------------------------------------------------

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

export interface Compression {
  /** Bytes exactly as Kafka frames them (snappy with Java's xerial header, lz4 frame). `level`: how hard gzip and zstd try; else their own. */
  compress(codec: Codec, bytes: Uint8Array, level?: number): Uint8Array;
  /** Throws DecompressionError when the bytes are broken or would grow over `maxBytes`. */
  decompress(codec: Codec, bytes: Uint8Array, maxBytes: number): Uint8Array;
}

export class DecompressionError extends Error {
  override readonly name = 'DecompressionError';
}

export interface World {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly files: FileSystem;
  readonly network: Network;
  readonly compression: Compression;
}
