import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSelection, parseSelection, type Selection } from './selection.ts';

const topic = fc.stringMatching(/^[A-Za-z0-9._-]{1,30}$/);
const whole = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const selections: fc.Arbitrary<Selection> = fc.oneof(
  fc.record({ kind: fc.constant('partition' as const), topic, partition: whole, brokerId: fc.option(whole, { nil: null }) }),
  fc.record({ kind: fc.constant('record' as const), record: fc.record({ topic, partition: whole, offset: fc.maxSafeNat() }) }),
  fc.record({ kind: fc.constant('broker' as const), brokerId: whole }),
  fc.record({ kind: fc.constant('group' as const), groupId: fc.string() }),
  fc.record({ kind: fc.constant('client' as const), cardKey: fc.string({ minLength: 1 }) }),
);

describe('what is selected, in the address', () => {
  test('every selection comes back as it went', () => {
    fc.assert(
      fc.property(selections, (selection) => {
        expect(parseSelection(formatSelection(selection))).toEqual(selection);
      }),
    );
  });

  test.each([
    '',
    'x',
    'p:',
    'p::3',
    'p:orders',
    'p:orders:x',
    'r:orders:1',
    'r:orders:1:-4',
    'r:orders:1:1.5',
    'b:',
    'b:one',
    'g',
    'c:',
    'r:orders:1:99999999999999999999',
  ])('%j selects nothing', (text) => {
    expect(parseSelection(text)).toBeNull();
  });

  test('nothing selects nothing', () => {
    expect(parseSelection(null)).toBeNull();
  });

  test('whatever stands in the address, nothing breaks', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseSelection(text);
      }),
    );
  });
});
