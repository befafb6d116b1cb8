// The log of one data directory: JSON lines in logs/logarium.log, and the files before it. Written synchronously, because the line
// that says why something ended must not end with it. A file that has reached `maxFileBytes` gets no further line, so that each of the
// `keptFiles` is longer than that by one line at most.

import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const maxFileBytes = 10 * 1024 * 1024;
/** logarium.log, logarium.log.1 and so on; the oldest is overwritten. */
export const keptFiles = 4;

export function logFilePath(dataDirectory: string): string {
  return join(dataDirectory, 'logs', 'logarium.log');
}

export class LogFile {
  readonly path: string;
  readonly #maxBytes: number;
  readonly #onFailure: (reason: string | null) => void;
  #descriptor: number | null = null;
  #sizeBytes = 0;
  #failure: string | null = null;

  /** `onFailure` hears why lines are lost, and null when they no longer are. */
  constructor(path: string, onFailure: (reason: string | null) => void, maxBytes = maxFileBytes) {
    this.path = path;
    this.#onFailure = onFailure;
    this.#maxBytes = maxBytes;
    this.#try(() => {
      mkdirSync(dirname(path), { recursive: true });
      this.#open();
    });
  }

  write(line: string): void {
    this.#try(() => {
      if (this.#sizeBytes >= this.#maxBytes) this.#rotate();
      if (this.#descriptor === null) this.#open();
      this.#sizeBytes += writeSync(this.#descriptor as number, `${line}\n`);
    });
  }

  /** The disk may be full or gone, of which this log is to tell: lines are lost, the cluster goes on. */
  #try(action: () => void): void {
    try {
      action();
      this.#tell(null);
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error));
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #open(): void {
    this.#descriptor = openSync(this.path, 'a');
    this.#sizeBytes = fstatSync(this.#descriptor).size;
  }

  #rotate(): void {
    this.close();
    for (let number = keptFiles - 1; number > 0; number--) renameIfThere(this.#numbered(number - 1), this.#numbered(number));
    this.#open();
  }

  #numbered(number: number): string {
    return number === 0 ? this.path : `${this.path}.${number}`;
  }

  #tell(failure: string | null): void {
    if ((failure === null) !== (this.#failure === null)) this.#onFailure(failure);
    this.#failure = failure;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
