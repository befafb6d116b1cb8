import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clampCamera, fitCamera, maxZoom, panBy, toScene, zoomAt } from './camera.ts';
import { hitDot, hitTest } from './hit-test.ts';
import { produced, snapshot, startMs } from './harbour.fixture.ts';
import { renderDelayMs } from './fact-queue.ts';
import { Scene } from './scene.ts';
import { exportScene } from './scene-export.ts';

const size = { width: 1_206, height: 618 };

describe('the camera', () => {
  test('shows a scene that fits as it is, and shrinks one that does not', () => {
    expect(fitCamera(size, { width: 1_520, height: 700 })).toEqual({ scale: 1, x: 0, y: 0 });
    expect(fitCamera(size, { width: 603, height: 700 }).scale).toBe(0.5);
  });

  test('zooms about the pointer: what was under it stays under it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_200 }),
        fc.integer({ min: 0, max: 600 }),
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        (x, y, factor) => {
          const camera = { scale: 1.2, x: -80, y: -33 };
          const before = toScene(camera, { x, y });
          const after = toScene(zoomAt(camera, { x, y }, factor), { x, y });
          expect(after.x).toBeCloseTo(before.x, 6);
          expect(after.y).toBeCloseTo(before.y, 6);
        },
      ),
    );
  });

  test('never leaves the scene behind, however it is dragged', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -9_000, max: 9_000 }),
        fc.integer({ min: -9_000, max: 9_000 }),
        fc.double({ min: 0.01, max: 9, noNaN: true }),
        (x, y, scale) => {
          const camera = clampCamera(panBy({ scale, x: 0, y: 0 }, { x, y }), size, size);
          expect(camera.scale).toBeGreaterThanOrEqual(1);
          expect(camera.scale).toBeLessThanOrEqual(maxZoom);
          expect(camera.x).toBeLessThanOrEqual(0);
          expect(camera.x + size.width * camera.scale).toBeGreaterThanOrEqual(size.width - 0.001);
          expect(camera.y + size.height * camera.scale).toBeGreaterThanOrEqual(size.height - 0.001);
        },
      ),
    );
  });
});

function sceneWithDots(): Scene {
  const scene = new Scene();
  scene.setViewport(size);
  scene.takeSnapshot(snapshot());
  scene.takeFacts([produced(startMs + 1_000, { partition: 2, baseOffset: 40, recordCount: 3 })], 0, startMs + 1_000);
  scene.advance(startMs + 1_350 + renderDelayMs);
  return scene;
}

describe('what lies under a point', () => {
  const scene = sceneWithDots();
  const layout = scene.layout!;
  const hit = (x: number, y: number) => hitTest(layout, scene.pool, { point: { x, y }, nowMs: scene.shownMs });

  test('every dot on screen is found where it is drawn, with its own offset', () => {
    for (const dot of exportScene(scene)!.dots) {
      expect(hit(dot.x, dot.y)).toEqual({ kind: 'record', record: { topic: dot.topic, partition: dot.partition, offset: dot.offset } });
    }
  });

  test('a dot is found from eleven pixels away and not from thirteen', () => {
    const dot = exportScene(scene)!.dots.toSorted((a, b) => a.x - b.x)[0];
    expect(hitDot(layout, scene.pool, { point: { x: dot!.x - 11, y: dot!.y }, nowMs: scene.shownMs })).not.toBeNull();
    expect(hitDot(layout, scene.pool, { point: { x: dot!.x - 13, y: dot!.y }, nowMs: scene.shownMs })).toBeNull();
  });

  test('cells, cabinets and the empty case', () => {
    expect(hit(343, 98)).toEqual({ kind: 'cell', key: '1/clicks-0' });
    expect(hit(322, 62)).toEqual({ kind: 'broker', brokerId: 1 });
    expect(hit(600, 600)).toEqual({ kind: 'nothing' });
  });
});
