import { describe, expect, test } from 'vitest';
import { injectSchema, maxFaultSeconds } from '#server/api/schemas/lab.ts';
import { checkFault, delayBounds, faultKinds, isDangerous, minFaultSeconds, partsOf, skewBounds, type FaultText } from './fault-form.ts';

const text: FaultText = {
  kind: 'kill',
  broker: '2',
  from: '1',
  to: '3',
  both: true,
  delay: '200',
  skew: '-60',
  api: '0',
  what: 'response',
  seconds: '30',
};
const wrongOf = (change: Partial<FaultText>) => {
  const check = checkFault({ ...text, ...change });
  return check.ok ? [] : [...check.wrong].toSorted();
};

describe('what the form sends', () => {
  test.each(faultKinds)('%s: a filled form is a fault that the server takes, with nothing more in it than its kind needs', (kind) => {
    const check = checkFault({ ...text, kind });
    expect(check.ok).toBe(true);
    if (!check.ok) return;
    expect(injectSchema.parse({ clusterId: 'embedded', ...check, ok: undefined })).toEqual({
      clusterId: 'embedded',
      fault: check.fault,
      durationSeconds: 30,
    });
    expect(Object.keys(check.fault)).toHaveLength(partsOf[kind].length + 1);
  });

  test('a skew is typed in seconds and sent in milliseconds, its sign kept', () => {
    expect(checkFault({ ...text, kind: 'skewed-clock' })).toMatchObject({ fault: { brokerId: 2, skewMs: -60_000 } });
  });

  test('a cut keeps its direction', () => {
    expect(checkFault({ ...text, kind: 'cut', both: false })).toMatchObject({ fault: { fromId: 1, toId: 3, bothWays: false } });
  });
});

describe('what the form refuses', () => {
  test.each([
    [minFaultSeconds - 1, false],
    [minFaultSeconds, true],
    [maxFaultSeconds, true],
    [maxFaultSeconds + 1, false],
  ])('a duration of %i s', (seconds, isGood) => {
    expect(wrongOf({ seconds: String(seconds) })).toEqual(isGood ? [] : ['seconds']);
  });

  test.each(['', ' ', '3.5', '1e2', 'soon', '٣٠'])('%j is no duration', (seconds) => {
    expect(wrongOf({ seconds })).toEqual(['seconds']);
  });

  test.each(['slow-link', 'slow-clients', 'slow-disk'] as const)("%s: its delay has the server's bounds", (kind) => {
    const { min, max } = delayBounds(kind);
    expect(min).toBeLessThan(max);
    expect([min - 1, min, max, max + 1].map((delay) => wrongOf({ kind, delay: String(delay) }))).toEqual([['delay'], [], [], ['delay']]);
  });

  test("a skew has the server's bounds, in seconds", () => {
    const { min, max } = skewBounds();
    expect([min, max]).toEqual([-86_400, 86_400]);
    const asked = [min - 1, min, max, max + 1].map((skew) => wrongOf({ kind: 'skewed-clock', skew: String(skew) }));
    expect(asked).toEqual([['skew'], [], [], ['skew']]);
  });

  test('a link from a broker to itself', () => expect(wrongOf({ kind: 'cut', from: '2', to: '2' })).toEqual(['to']));

  test('no broker chosen', () => expect(wrongOf({ broker: '' })).toEqual(['broker']));

  test('fields of another kind do not count, and every wrong one of this kind is named at once', () => {
    expect(wrongOf({ kind: 'kill', delay: 'x', skew: 'x', from: '', api: '' })).toEqual([]);
    expect(wrongOf({ kind: 'slow-link', from: '', to: '', delay: '0', seconds: '1' })).toEqual(['delay', 'from', 'seconds', 'to']);
  });
});

test('what can stop a partition from serving, or make a broker delete records, is asked for twice', () => {
  expect(faultKinds.filter(isDangerous)).toEqual(['kill', 'stop', 'freeze', 'full-disk', 'failing-sync', 'skewed-clock']);
});
