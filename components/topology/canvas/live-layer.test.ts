import { describe, expect, test } from 'vitest';
import { drawLive } from './live-layer.ts';
import { renderDelayMs } from '../scene/fact-queue.ts';
import { consumed, event, produced, replicated, snapshot, startMs, writer } from '../scene/harbour.fixture.ts';
import { Scene } from '../scene/scene.ts';
import type { Palette } from './palette.ts';

/** Counts what a frame asks of the canvas. */
function countingContext() {
  const calls = { fillStyle: 0, fill: 0, arc: 0, texts: [] as string[] };
  const handler: ProxyHandler<object> = {
    get: (_, name) =>
      name === 'measureText'
        ? () => ({ width: 80 })
        : name === 'fillText'
          ? (text: string) => calls.texts.push(text)
          : (): void => {
              if (name === 'fill') calls.fill += 1;
              if (name === 'arc') calls.arc += 1;
            },
    set: (_, name) => {
      if (name === 'fillStyle') calls.fillStyle += 1;
      return true;
    },
  };
  return { calls, context: new Proxy({}, handler) as CanvasRenderingContext2D };
}

const palette = { case: '#fff', ink: '#000', uiFont: 'x', flow: { produce: '#0f0', replicate: '#f0f', consume: '#00f' } } as Palette;

function busyScene(): Scene {
  const scene = new Scene();
  scene.setViewport({ width: 1_206, height: 618 });
  scene.takeSnapshot(snapshot());
  const at = startMs + 1_000;
  scene.takeFacts(
    [
      produced(at, { partition: 0, baseOffset: 0, recordCount: 150 }),
      replicated(at + 1, { leaderId: 1, followerId: 2, partition: 0, baseOffset: 0, lastOffset: 149 }),
      event(at + 2, 1, { kind: 'acked', client: writer, topic: 'orders', partition: 0, baseOffset: 0, recordCount: 150, latencyUs: 1 }),
      consumed(at + 3, { partition: 0, baseOffset: 0, lastOffset: 149 }),
    ],
    0,
    at,
  );
  scene.advance(at + 400 + renderDelayMs);
  return scene;
}

describe('a frame of dots', () => {
  test('hundreds of dots of four kinds set the fill four times', () => {
    const { calls, context } = countingContext();
    const scene = busyScene();
    expect(scene.pool.count).toBeGreaterThan(400);
    drawLive(context, scene, { palette, followed: null, marks: [] });
    expect(calls.fillStyle).toBe(4);
    expect(calls.fill).toBe(4);
  });

  test('following a record stays within the budget of eight', () => {
    const { calls, context } = countingContext();
    drawLive(context, busyScene(), { palette, followed: { topic: 'orders', partition: 0, offset: 3 }, marks: [] });
    expect(calls.texts).toContain('orders-0 · 3');
    expect(calls.fillStyle).toBeLessThanOrEqual(4 + 3 * 2);
  });

  test('without dots nothing is filled', () => {
    const { calls, context } = countingContext();
    const scene = new Scene();
    scene.setViewport({ width: 1_206, height: 618 });
    scene.takeSnapshot(snapshot());
    drawLive(context, scene, { palette, followed: null, marks: [] });
    expect(calls).toMatchObject({ fillStyle: 0, fill: 0, arc: 0 });
  });
});
