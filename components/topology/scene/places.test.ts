import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claimSlots } from './places.ts';

describe('places', () => {
  test('are given in the order of coming', () => {
    expect(claimSlots([], ['b', 'a'])).toEqual(['b', 'a']);
  });

  test('stay where they are when someone else leaves', () => {
    expect(claimSlots(['a', 'b', 'c'], ['a', 'c'])).toEqual(['a', null, 'c']);
  });

  test('are taken over by the next newcomer', () => {
    expect(claimSlots(['a', null, 'c'], ['a', 'c', 'd'])).toEqual(['a', 'd', 'c']);
  });

  test('an empty end is given up', () => {
    expect(claimSlots(['a', 'b'], ['a'])).toEqual(['a']);
  });

  test('nothing changed gives the same object, so that no layout is made in vain', () => {
    const slots = ['a', 'b'];
    expect(claimSlots(slots, ['b', 'a'])).toBe(slots);
  });

  test('whoever stays never moves, and everyone present has exactly one place', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'));
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 8 }), (history) => {
        let slots = claimSlots([], []);
        for (const present of history) {
          const next = claimSlots(slots, present);
          for (const name of present) if (slots.includes(name)) expect(next.indexOf(name)).toBe(slots.indexOf(name));
          expect(next.filter((name) => name !== null).toSorted()).toEqual(present.toSorted());
          slots = next;
        }
      }),
    );
  });
});
