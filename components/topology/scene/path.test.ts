import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flatten, placeOn, tableSize, tabulate, type Route } from './path.ts';

const corner: Route = {
  points: [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 60 },
  ],
  radius: 11,
};
const spot = () => ({ x: 0, y: 0, angle: 0 });

describe('a pipe as a table of points', () => {
  test('begins and ends where the route does', () => {
    const table = tabulate(corner);
    expect(placeOn(table, 0, spot())).toMatchObject({ x: 0, y: 0 });
    expect(placeOn(table, 1, spot())).toMatchObject({ x: 100, y: 60 });
  });

  test('cuts its corners by the elbow: shorter than the two legs, longer than the straight line', () => {
    const { length } = tabulate(corner);
    expect(length).toBeLessThan(160);
    expect(length).toBeGreaterThan(Math.hypot(100, 60));
  });

  test('its points are evenly spaced, so that a dot keeps its pace through an elbow', () => {
    const { coordinates, length } = tabulate(corner);
    const step = length / (tableSize - 1);
    for (let index = 1; index < tableSize; index += 1) {
      const gone = Math.hypot(
        coordinates[index * 2]! - coordinates[index * 2 - 2]!,
        coordinates[index * 2 + 1]! - coordinates[index * 2 - 1]!,
      );
      expect(gone).toBeGreaterThan(step * 0.9);
      expect(gone).toBeLessThan(step * 1.01);
    }
  });

  test('tells the direction of travel', () => {
    const table = tabulate(corner);
    expect(placeOn(table, 0.1, spot()).angle).toBeCloseTo(0);
    expect(placeOn(table, 0.9, spot()).angle).toBeCloseTo(Math.PI / 2);
  });

  test('shares outside of the way stay at its ends', () => {
    const table = tabulate(corner);
    expect(placeOn(table, -3, spot())).toMatchObject({ x: 0, y: 0 });
    expect(placeOn(table, 7, spot())).toMatchObject({ x: 100, y: 60 });
  });

  test('an elbow never reaches beyond half of its shorter leg', () => {
    const short: Route = {
      points: [
        { x: 0, y: 0 },
        { x: 8, y: 0 },
        { x: 8, y: 300 },
      ],
      radius: 11,
    };
    expect(flatten(short).every((point) => point.x >= 0 && point.x <= 8 && point.y >= 0)).toBe(true);
    expect(flatten(short)[1]).toEqual({ x: 4, y: 0 });
  });

  test('a route without length is a table without length, not a table of NaN', () => {
    const { coordinates, length } = tabulate({
      points: [
        { x: 5, y: 5 },
        { x: 5, y: 5 },
      ],
      radius: 11,
    });
    expect(length).toBe(0);
    expect([...coordinates].every((value) => value === 5)).toBe(true);
  });

  test('never leaves the box of its corners', () => {
    const coordinate = fc.integer({ min: -500, max: 500 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 2, maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (points, share) => {
          const placed = placeOn(tabulate({ points, radius: 11 }), share, spot());
          expect(placed.x).toBeGreaterThanOrEqual(Math.min(...points.map((point) => point.x)) - 0.01);
          expect(placed.x).toBeLessThanOrEqual(Math.max(...points.map((point) => point.x)) + 0.01);
          expect(placed.y).toBeGreaterThanOrEqual(Math.min(...points.map((point) => point.y)) - 0.01);
          expect(placed.y).toBeLessThanOrEqual(Math.max(...points.map((point) => point.y)) + 0.01);
        },
      ),
    );
  });
});
