import { describe, expect, test } from 'vitest';
import { previewMove, toDraft, toggle } from './move-draft.ts';

const from = [1, 2, 3];

describe('choosing where a partition lives', () => {
  test('untouched, it is the same and can not be ordered', () => {
    expect(previewMove(from, toDraft(from), 100)).toEqual({ to: from, adding: [], removing: [], bytes: 0, verdict: 'same' });
  });

  test('one broker for another: who stays keeps its rank, and one copy has to go over', () => {
    const draft = toggle(toggle(toDraft(from), 2), 4);
    expect(previewMove(from, draft, 100)).toEqual({ to: [1, 3, 4], adding: [4], removing: [2], bytes: 100, verdict: 'moves' });
  });

  test('taking out the first choice makes another one it, so that the order is never without', () => {
    const draft = toggle(toDraft(from), 1);
    expect(draft.first).toBe(2);
    expect(previewMove(from, draft, 100)).toMatchObject({ to: [2, 3], removing: [1], bytes: 0, verdict: 'moves' });
  });

  test('another first choice alone copies nothing', () => {
    expect(previewMove(from, { ...toDraft(from), first: 3 }, 100)).toMatchObject({ to: [3, 1, 2], bytes: 0, verdict: 'reordered' });
  });

  test('an unknown size stays unknown, and nobody chosen is no plan', () => {
    expect(previewMove([1], toggle(toDraft([1]), 2), null).bytes).toBeNull();
    expect(previewMove([1], toggle(toDraft([1]), 1), 5).verdict).toBe('empty');
  });
});
