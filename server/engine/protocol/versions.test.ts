// Version ranges as schemas write them.

import { expect, test } from 'vitest';
import { AssertionFailure } from '#engine/base/assert.ts';
import { includesVersion, parseVersions, type VersionText } from './versions.ts';

test.each<[VersionText, readonly number[]]>([
  ['3-5', [3, 4, 5]],
  ['4+', [4, 5, 6]],
  ['0', [0]],
  ['none', []],
])('%s holds the versions %j', (text, expected) => {
  const range = parseVersions(text);
  expect([0, 1, 2, 3, 4, 5, 6].filter((version) => includesVersion(range, version))).toEqual(expected);
});

test.each(['', '3-', '5-3', 'a', '1 - 2'])('%j is a slip in a schema and stops the program', (text) => {
  expect(() => parseVersions(text as VersionText)).toThrow(AssertionFailure);
});
