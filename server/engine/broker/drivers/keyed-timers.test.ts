import { describe, expect, it } from 'vitest';
import { ManualTime } from '../testing/manual-time.ts';
import { KeyedTimers, type KeyedTimer } from './keyed-timers.ts';

function fixture() {
  const time = new ManualTime();
  const fired: KeyedTimer<string>[] = [];
  return {
    time,
    fired,
    timers: new KeyedTimers<string>(time, (timer) => {
      fired.push(timer);
    }),
  };
}

describe('keyed timers', () => {
  it('fire once, with what they were given', () => {
    const { time, fired, timers } = fixture();
    timers.set('k', 10, 'input');
    time.advance(10);
    expect(fired.map(({ input }) => input)).toEqual(['input']);
    expect(timers.consume(fired[0]!)).toBe(true);
    expect(timers.consume(fired[0]!)).toBe(false);
  });

  it('that fired lose their meaning when the key is set anew before anyone looked', () => {
    const { time, fired, timers } = fixture();
    timers.set('k', 10, 'old');
    time.advance(10);
    timers.set('k', 10, 'new');
    expect(timers.consume(fired[0]!)).toBe(false);
    time.advance(10);
    expect(timers.consume(fired[1]!)).toBe(true);
  });

  it('that fired lose their meaning when they are cancelled before anyone looked', () => {
    const { time, fired, timers } = fixture();
    timers.set('k', 10, 'input');
    time.advance(10);
    timers.cancel('k');
    expect(timers.consume(fired[0]!)).toBe(false);
    expect(timers.size).toBe(0);
  });

  it('leave nothing behind when cleared', () => {
    const { time, fired, timers } = fixture();
    timers.set('a', 10, 'a');
    timers.set('b', 20, 'b');
    timers.clear();
    time.advance(100);
    expect(fired).toEqual([]);
    expect(time.pendingTimers).toBe(0);
  });
});
