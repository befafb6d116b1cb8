import { expect, it } from 'vitest';
import { toWhole } from './whole-number.ts';

it('takes text that a number field could not take as a number for what it says', () =>
  expect(['007', '12', 12, '99999999999999999999'].map(toWhole)).toEqual([7, 12, 12, Number.MAX_SAFE_INTEGER]));
it('tells an empty field, and one that holds no number, from zero', () =>
  expect(['', ' ', '-', '1e3', 0, '0'].map(toWhole)).toEqual([null, null, null, null, 0, 0]));
it('is never below zero nor between two numbers', () => expect([-3, 2.9].map(toWhole)).toEqual([0, 2]));
