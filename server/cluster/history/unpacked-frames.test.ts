import { expect, test } from 'vitest';
import { encodePicture } from './keyframe-codec.ts';
import type { StoredKeyframe } from './keyframe-store.ts';
import { maxBytes, maxFrames, UnpackedFrames } from './unpacked-frames.ts';
import { brokerOf, pictureOf } from './picture.fixture.ts';

const picture = pictureOf({ atMs: 1, brokers: [brokerOf(1), brokerOf(2), brokerOf(3)] });

/** Zeros behind the picture make it as large as wanted and are skipped by whoever unpacks it. */
async function frameOf(atMs: number, sizeBytes: number): Promise<StoredKeyframe> {
  const packed = await encodePicture(picture);
  const padded = new Uint8Array(Math.max(packed.length, sizeBytes));
  padded.set(packed);
  return { atMs, picture: padded };
}

/** How many of the frames are still at hand, asked from the newest to the oldest until one had to be unpacked anew. */
async function keptOf(frames: readonly StoredKeyframe[]): Promise<number> {
  const unpacked = new UnpackedFrames();
  const first = frames.map((frame) => unpacked.get('c', frame));
  let kept = 0;
  for (let at = frames.length - 1; at >= 0; at--) {
    if (unpacked.get('c', frames[at]!) !== first[at]) break;
    kept += 1;
  }
  await Promise.allSettled(first);
  return kept;
}

test('of small pictures the last ones are at hand', async () => {
  const frames = await Promise.all(Array.from({ length: 2 * maxFrames }, (_, index) => frameOf(index, 0)));
  expect(await keptOf(frames)).toBe(maxFrames);
});

test('of large ones as many as the bytes allow, and never fewer than a moment needs', async () => {
  const half = await Promise.all(Array.from({ length: 6 }, (_, index) => frameOf(index, maxBytes / 4)));
  expect(await keptOf(half)).toBe(4);
  const huge = await Promise.all(Array.from({ length: 6 }, (_, index) => frameOf(index, 2 * maxBytes)));
  expect(await keptOf(huge)).toBe(2);
});

test('a picture that is kept is the one that was unpacked', async () => {
  const unpacked = new UnpackedFrames();
  const frame = await frameOf(1, 0);
  expect(await unpacked.get('c', frame)).toEqual(picture);
  expect(unpacked.get('c', frame)).toBe(unpacked.get('c', frame));
  expect(unpacked.get('another', frame)).not.toBe(unpacked.get('c', frame));
});
