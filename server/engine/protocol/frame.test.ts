// The splitter against every way in which a socket may cut the stream, and against lengths that lie.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Writer } from '#engine/bytes/writer.ts';
import { finishFrame, frameLengthBytes, FrameSplitter, maxFrameBytes } from './frame.ts';

function framed(body: Uint8Array): Buffer {
  const frame = Buffer.alloc(frameLengthBytes + body.length);
  frame.writeInt32BE(body.length);
  frame.set(body, frameLengthBytes);
  return frame;
}

function collecting(maxBytes = maxFrameBytes): { readonly splitter: FrameSplitter; readonly frames: Buffer[] } {
  const frames: Buffer[] = [];
  return { splitter: new FrameSplitter((frame) => frames.push(frame), { maxBytes }), frames };
}

describe('a frame splitter', () => {
  test('gives the same frames however the stream is cut', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1 }), (wanted, cuts) => {
        const stream = Buffer.concat(wanted.map(framed));
        const { splitter, frames } = collecting();
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const size = cuts[cut % cuts.length]!;
          splitter.push(stream.subarray(at, at + size));
          at += size;
        }
        expect(frames.map((frame) => frame.toString('hex'))).toEqual(wanted.map((body) => Buffer.from(body).toString('hex')));
        expect(splitter.isMidFrame).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps nothing of a chunk that is only lent: what is written over it later shows in no frame', () => {
    const frames: Buffer[] = [];
    const splitter = new FrameSplitter((frame) => frames.push(frame), { lendsChunks: true });
    const bodies = [Buffer.from('small'), Buffer.alloc(100_000, 7), Buffer.from('after')];
    const lent = Buffer.concat(bodies.map(framed));
    splitter.push(lent);
    lent.fill(0xdb);
    expect(frames.map((frame, index) => frame.equals(bodies[index]!))).toEqual([true, true, true]);
  });

  test('hands a frame that is whole in one chunk over without a copy', () => {
    const { splitter, frames } = collecting();
    const chunk = Buffer.concat([framed(Buffer.from('one')), framed(Buffer.from('two'))]);
    splitter.push(chunk);
    for (const frame of frames) expect(frame.buffer).toBe(chunk.buffer);
    frames[0]![0] = 0x4f;
    expect(chunk.toString('latin1', 4, 7)).toBe('One');
  });

  test('says when the stream ends in the middle of a frame or of its length', () => {
    const { splitter } = collecting();
    expect(splitter.isMidFrame).toBe(false);
    splitter.push(Buffer.from([0, 0]));
    expect(splitter.isMidFrame).toBe(true);
    splitter.push(Buffer.from([0, 1]));
    expect(splitter.isMidFrame).toBe(true);
    splitter.push(Buffer.from([7]));
    expect(splitter.isMidFrame).toBe(false);
  });

  test.each([['80000000'], ['ffffffff'], ['06400001'], ['7fffffff'], ['16030100']])(
    'refuses the length %s before holding a byte of the frame',
    (length) => {
      const { splitter, frames } = collecting();
      expect(() => splitter.push(Buffer.from(length, 'hex'))).toThrow(expect.objectContaining({ problem: 'bad-length' }));
      expect(frames).toHaveLength(0);
    },
  );

  test('accepts a frame of exactly the limit, and none that is one byte over', () => {
    const { splitter, frames } = collecting(8);
    splitter.push(framed(Buffer.alloc(8)));
    expect(frames).toHaveLength(1);
    expect(() => splitter.push(framed(Buffer.alloc(9)))).toThrow(expect.objectContaining({ problem: 'bad-length' }));
  });

  test('holds little memory for a huge frame that only trickles in', () => {
    const before = process.memoryUsage().arrayBuffers;
    const splitters = Array.from({ length: 20 }, () => collecting().splitter);
    const start = Buffer.concat([Buffer.from('06400000', 'hex'), Buffer.alloc(1000)]);
    for (const splitter of splitters) splitter.push(start);
    // Twenty announced frames of 100 MiB each; a buffer of the announced size would be 2 GB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 2 * 1024 * 1024);
  });

  test('gathers a frame of many megabytes from small chunks', () => {
    const body = Buffer.alloc(5 * 1024 * 1024 + 3);
    for (let at = 0; at < body.length; at += 997) body[at] = at;
    const stream = framed(body);
    const { splitter, frames } = collecting();
    for (let at = 0; at < stream.length; at += 65_536) splitter.push(stream.subarray(at, at + 65_536));
    expect(frames[0]!.equals(body)).toBe(true);
  });
});

describe('finishing a frame', () => {
  test('writes the length of all chunks into the first four bytes', () => {
    const writer = new Writer();
    writer.int32(0);
    writer.append(Buffer.alloc(70_000, 5));
    writer.int16(9);
    const frame = Buffer.concat(finishFrame(writer));
    expect(frame.readInt32BE()).toBe(frame.length - frameLengthBytes);
    expect(frame.length).toBe(70_006);
  });
});
