// The physical limit: a bare Node server that does only the work no broker can avoid. For a produce: read the frame, check
// the batch's CRC-32C, append its bytes to a file, answer. For a fetch: read as many bytes from a file, send them. For an
// echo: send the frame back. No protocol, no index, no state: whatever a real broker needs beyond this shows as the ratio.

import { closeSync, openSync, readSync, writeSync, ftruncateSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32c } from '@node-rs/crc32';

const [mode = 'produce', portText = '0', fetchBytesText = '1048576'] = process.argv.slice(2);
const fetchBytes = Number(fetchBytesText);
const directory = mkdtempSync(join(tmpdir(), 'logarium-limit-'));
const file = openSync(join(directory, 'log'), 'w+');
const wrapAt = 1024 * 1024 * 1024;
const crcAt = 17;
const crcFrom = 21;
const answerBytes = 60;
let position = 0;

if (mode === 'fetch') {
  const block = Buffer.alloc(1024 * 1024, 97);
  for (let index = 0; index < 256; index++) writeSync(file, block, 0, block.length, index * block.length);
}

/** The batch lies at the end of the frame: magic 2 stands 16 bytes into it, its length tells where it begins. */
function findBatch(frame: Buffer): Buffer {
  for (let at = 20; at < Math.min(frame.length - 61, 160); at++) {
    if (
      frame[at + 16] === 2 &&
      frame.readInt32BE(at + 8) + 12 >= frame.length - at - 8 &&
      frame.readInt32BE(at + 8) + 12 <= frame.length - at
    )
      return frame.subarray(at, at + frame.readInt32BE(at + 8) + 12);
  }
  throw new Error('no batch in the frame');
}

function answerProduce(socket: Socket, frame: Buffer): void {
  const batch = findBatch(frame);
  if (crc32c(batch.subarray(crcFrom)) !== batch.readUInt32BE(crcAt)) throw new Error('CRC mismatch');
  writeSync(file, batch, 0, batch.length, position);
  position += batch.length;
  if (position > wrapAt) {
    ftruncateSync(file, 0);
    position = 0;
  }
  const answer = Buffer.alloc(answerBytes);
  answer.writeInt32BE(answerBytes - 4);
  frame.copy(answer, 4, 8, 12);
  socket.write(answer);
}

function answerFetch(socket: Socket, frame: Buffer): void {
  const answer = Buffer.allocUnsafe(fetchBytes + answerBytes);
  answer.writeInt32BE(answer.length - 4);
  frame.copy(answer, 4, 8, 12);
  readSync(file, answer, answerBytes, fetchBytes, position);
  position = (position + fetchBytes) % (250 * 1024 * 1024);
  socket.write(answer);
}

const answer =
  mode === 'produce'
    ? answerProduce
    : mode === 'fetch'
      ? answerFetch
      : (socket: Socket, frame: Buffer) => void socket.write(Buffer.from(frame));

const server = createServer({ noDelay: true }, (socket) => {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let need = 4;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    rest.push(chunk);
    restBytes += chunk.length;
    if (restBytes < need) return;
    let all = rest.length === 1 ? chunk : Buffer.concat(rest, restBytes);
    while (all.length >= 4 && all.length >= all.readInt32BE(0) + 4) {
      const size = all.readInt32BE(0) + 4;
      answer(socket, all.subarray(0, size));
      all = all.subarray(size);
    }
    rest = [all];
    restBytes = all.length;
    need = all.length >= 4 ? all.readInt32BE(0) + 4 : 4;
  });
});
process.on('SIGTERM', () => {
  closeSync(file);
  rmSync(directory, { recursive: true });
  process.exit(0);
});
server.listen(Number(portText), '127.0.0.1', () => console.log(JSON.stringify(server.address())));
