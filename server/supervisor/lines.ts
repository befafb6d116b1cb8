// Splits a socket's bytes into lines, with a bound: a line without end must not fill the memory.

import type { Socket } from 'node:net';

/** Calls `take` for each line without its newline; destroys the socket when a line is longer than `maxBytes`. */
export function readLines(socket: Socket, maxBytes: number, take: (line: string) => void): void {
  let rest: Buffer[] = [];
  let restBytes = 0;
  socket.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      rest.push(chunk.subarray(start, end));
      take(Buffer.concat(rest).toString('utf8'));
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > maxBytes) socket.destroy(new Error(`a line of more than ${maxBytes} bytes`));
  });
}
