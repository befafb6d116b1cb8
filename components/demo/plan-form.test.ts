import { describe, expect, test } from 'vitest';
import { startDemoSchema } from '#server/api/schemas/demo.ts';
import { bounds, checkPlan, defaultPlan, numberFields, planToText } from './plan-form.ts';

const text = planToText(defaultPlan());

describe('the plan of the demo traffic', () => {
  test('the defaults are a plan the server takes', () => {
    const check = checkPlan(text);
    expect(check).toEqual({ ok: true, plan: defaultPlan() });
    expect(startDemoSchema.safeParse({ clusterId: 'embedded', ...defaultPlan() }).success).toBe(true);
  });

  test.each(numberFields)("%s: its bounds are the server's, at and beyond each end", (field) => {
    const { min, max } = bounds(field);
    for (const [value, ok] of [
      [min, true],
      [max, true],
      [min - 1, false],
      [max + 1, false],
    ] as const) {
      expect(checkPlan({ ...text, [field]: String(value) }).ok).toBe(ok);
      expect(startDemoSchema.safeParse({ clusterId: 'embedded', ...defaultPlan(), [field]: value }).success).toBe(ok);
    }
  });

  test.each(['', ' ', '3.5', '1e3', '-1', 'many', '٣'])('%j is no number', (value) => {
    const check = checkPlan({ ...text, ratePerSecond: value });
    expect(check.ok ? [] : [...check.wrong]).toEqual(['ratePerSecond']);
  });

  test('blanks around a value do no harm', () => {
    expect(checkPlan({ ...text, ratePerSecond: ' 200 ', topic: ' orders ' })).toMatchObject({
      ok: true,
      plan: { ratePerSecond: 200, topic: 'orders' },
    });
  });

  test('every wrong field is named at once', () => {
    const check = checkPlan({ ...text, topic: 'no spaces', producers: '99', groupId: '' });
    expect(check.ok ? [] : [...check.wrong].toSorted()).toEqual(['groupId', 'producers', 'topic']);
  });

  test('what runs goes back into the form unchanged', () => {
    const check = checkPlan({ ...text, valueBytes: '16', keyCount: '1' });
    expect(check.ok ? planToText(check.plan) : null).toEqual({ ...text, valueBytes: '16', keyCount: '1' });
  });
});
