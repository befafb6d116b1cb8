import { describe, expect, test } from 'vitest';
import { fillPixels, patterns, toPixel } from './draw-map.ts';
import { stateCodes } from '../scene/cell-map.ts';
import { fromSnapshot } from '../scene/cluster-state.ts';
import { snapshot, startMs } from '../scene/harbour.fixture.ts';
import { layoutMap } from '../scene/layout-map.ts';
import { buildStructure, emptyStructure } from '../scene/structure.ts';
import type { Palette } from './palette.ts';

const palette = {
  shelf: '#222222',
  healthy: '#3b81de',
  lagging: '#ffc857',
  offline: '#f0284a',
  follower: 'rgb(39, 55, 75)',
  line2: '#45473f',
} as Palette;

describe('the pixels of a map', () => {
  test.each([4, 7])('states of cells of %i pixels differ in shape, not in colour alone', (size) => {
    const shapes = patterns(palette, size)
      .slice(0, 5)
      .map((pattern) => [...pattern].map((pixel) => Number(pixel === pattern[0])).join(''));
    expect(new Set(shapes).size).toBe(5);
  });

  test('every cell has the pattern of its state at its place', () => {
    const input = {
      state: fromSnapshot(snapshot()),
      level: 'fleet',
      showInternal: false,
      writers: [],
      readers: [],
      edges: [],
      nowMs: startMs,
    } as const;
    const { map, width, height } = layoutMap(
      buildStructure(emptyStructure, input),
      { width: 1_480, height: 640 },
      { level: 'fleet', cell: 5 },
    );
    const pixels = new Uint32Array(width * height);
    fillPixels(pixels, map!, { width, origin: { x: 0, y: 0 }, patterns: patterns(palette, 4) });
    for (let index = 0; index < map!.count; index += 1) {
      const { x, y } = map!.rect(index);
      const isLeader = stateCodes[map!.states[index]!] === 'leader';
      expect(pixels[y * width + x]).toBe(toPixel('#3b81de'));
      expect(pixels[(y + 1) * width + x + 1]).toBe(toPixel(isLeader ? '#3b81de' : 'rgb(39, 55, 75)'));
      expect(pixels[y * width + x + 4]).toBe(0);
    }
  });
});
