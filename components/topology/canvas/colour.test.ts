import { describe, expect, test } from 'vitest';
import { mixColours, parseColour } from './colour.ts';

describe('colours for the canvas', () => {
  test.each([
    ['#fff', [255, 255, 255]],
    ['#00642C', [0, 100, 44]],
    [' rgb(1, 2, 3) ', [1, 2, 3]],
    ['rgba(58 50 35 / .13)', [58, 50, 35]],
    ['tomato', null],
    ['', null],
  ])('%j is %j', (text, expected) => {
    expect(parseColour(text)).toEqual(expected);
  });

  test('nothing laid on is the ground, all laid on is the colour', () => {
    expect(mixColours('#fdfcfa', '#00642c', 0)).toBe('rgb(253, 252, 250)');
    expect(mixColours('#fdfcfa', '#00642c', 1)).toBe('rgb(0, 100, 44)');
  });

  test('half is half way', () => {
    expect(mixColours('#000000', '#ffffff', 0.5)).toBe('rgb(128, 128, 128)');
  });

  test('a colour that cannot be read is used as it stands, for the browser to judge', () => {
    expect(mixColours('#000', 'Highlight', 0.5)).toBe('Highlight');
  });
});
