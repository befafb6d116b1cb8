// Splits bytes into lines, with a bound: a line without end must not fill the memory.

import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** A longer line of what a process prints is cut into several. */
export const maxLineBytes = 64 * 1024;

/** Calls `take` for each line without its newline; destroys the socket when a line is longer than `maxBytes`. */
export function readLines(socket: Socket, maxBytes: number, take: (line: string) => void): void {
  const lines = new LineSplitter(take);
  socket.on('data', (chunk: Buffer) => {
    lines.push(chunk);
    if (lines.unfinishedBytes > maxBytes) socket.destroy(new Error(`a line of more than ${maxBytes} bytes`));
  });
}

/** The same for what a process prints: a line that is too long is cut, as nobody can be told to print shorter ones. */
export function readOutput(output: Readable, maxBytes: number, take: (line: string) => void): void {
  const lines = new LineSplitter(take);
  output.on('data', (chunk: Buffer) => {
    lines.push(chunk);
    if (lines.unfinishedBytes > maxBytes) lines.finish();
  });
  output.on('end', () => lines.finish());
}

class LineSplitter {
  readonly #take: (line: string) => void;
  #rest: Buffer[] = [];
  unfinishedBytes = 0;

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.#rest.push(chunk.subarray(start, end));
      this.#emit();
      start = end + 1;
    }
    this.#rest.push(chunk.subarray(start));
    this.unfinishedBytes += chunk.length - start;
  }

  /** Takes what is left as a line of its own. */
  finish(): void {
    if (this.unfinishedBytes > 0) this.#emit();
  }

  #emit(): void {
    const line = Buffer.concat(this.#rest).toString('utf8');
    this.#rest = [];
    this.unfinishedBytes = 0;
    this.#take(line);
  }
}
