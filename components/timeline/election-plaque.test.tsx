// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { useEffect, useState } from 'react';
import { show } from '#components/testing/console.tsx';
import { ElectionPlaque } from './election-plaque.tsx';
import type { Election, ElectionMove } from './election.ts';

const startMs = Date.UTC(2026, 10, 22, 14, 3, 10, 0);

const election: Election = {
  brokerId: 2,
  startMs,
  endMs: startMs + 420,
  cause: 'kill',
  steps: [
    { kind: 'silent', atMs: startMs },
    { kind: 'fenced', atMs: startMs + 110 },
    { kind: 'named', atMs: startMs + 112 },
    { kind: 'followed', atMs: startMs + 420 },
  ],
  moves: [{ topic: 'orders', partition: 1, fromId: 2, toId: 3, leaderEpoch: 5, how: null, atMs: startMs + 112, followedMs: startMs + 420 }],
  internalMoves: 17,
  controller: null,
};

/** As the Live page does it: drawn anew every second, with the same election. */
function Redrawn({ children }: { readonly children: () => React.ReactNode }): React.ReactNode {
  const [, draw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => draw((count) => count + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return children();
}

function tell(change: { readonly atMs?: number | null; readonly election?: Election; readonly locale?: 'en' | 'zh' } = {}) {
  const moments: (number | null)[] = [];
  const shown = show(
    <Redrawn>
      {() => (
        <ElectionPlaque
          election={change.election ?? election}
          atMs={change.atMs ?? null}
          onMoment={(atMs) => moments.push(atMs)}
          onClose={() => undefined}
        />
      )}
    </Redrawn>,
    { locale: change.locale ?? 'en' },
  );
  return { ...shown, moments };
}

const title = () => screen.getByRole('heading', { level: 2 }).textContent;

describe('live', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('the four steps come one after the other at a pace one can read, each with its real time', () => {
    tell();
    const told: string[] = [];
    for (let step = 0; step < 4; step += 1) {
      told.push(`${title()} ${screen.getByText(/^It was/).textContent}`);
      act(() => void vi.advanceTimersByTime(2_600));
    }
    expect(told).toEqual([
      'Broker 2 is killed It was 14:03:10.000.',
      'The controller fences broker 2 It was 14:03:10.110, 0.110 s after the loss.',
      'orders-1 is led by broker 3 now, not 2: epoch 5 It was 14:03:10.112, 0.112 s after the loss.',
      'Clients have found 1 of 1 new leaders It was 14:03:10.420, 0.420 s after the loss.',
    ]);
    act(() => void vi.advanceTimersByTime(60_000));
    expect(title()).toBe('Clients have found 1 of 1 new leaders');
  });

  test('does not tell a step that has not happened, and says so', () => {
    const open = { ...election, steps: election.steps.map((step) => (step.kind === 'followed' ? { ...step, atMs: null } : step)) };
    tell({ election: open });
    for (let step = 0; step < 5; step += 1) act(() => void vi.advanceTimersByTime(2_600));
    expect(title()).toBe('orders-1 is led by broker 3 now, not 2: epoch 5');
    const last = screen.getByRole('button', { name: 'Clients find them' });
    expect((last as HTMLButtonElement).disabled).toBe(true);
    expect(last.getAttribute('title')).toBe('No client has been seen at a new leader yet.');
  });

  test('speaks through the page’s own line of news, not beside it', () => {
    tell();
    expect(document.querySelector('[aria-live]')?.textContent).toBe('');
  });
});

describe('by hand', () => {
  test('a step chosen live holds the telling there', async () => {
    const { user, moments } = tell();
    await user.click(screen.getByRole('button', { name: 'It is fenced' }));
    expect(title()).toBe('The controller fences broker 2');
    expect(moments).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'See it again' }));
    expect(moments).toEqual([startMs]);
  });

  test('in the record a step is its moment, told at once, and after the last one comes now', async () => {
    const { user, moments } = tell({ atMs: startMs + 111 });
    expect(document.querySelector('[aria-live]')?.textContent).toBe(
      'Step 2 of 4, shown as of 14:03:10.111: The controller fences broker 2',
    );
    const current = within(screen.getByRole('list')).getByRole('button', { current: 'step' });
    expect(current.textContent).toBe('It is fenced');
    await user.click(screen.getByRole('button', { name: 'Next' }));
    await user.click(screen.getByRole('button', { name: 'Step back' }));
    expect(moments).toEqual([startMs + 112, startMs]);
  });

  test('the last step leads back to now', async () => {
    const { user, moments } = tell({ atMs: startMs + 900 });
    await user.click(screen.getByRole('button', { name: 'Back to live' }));
    expect(moments).toEqual([null]);
  });
});

describe('an election where nobody was in sync', () => {
  const by = (change: Partial<ElectionMove>): Election => ({ ...election, moves: [{ ...election.moves[0]!, ...change }] });
  const named = startMs + 112;
  const paragraph = () => screen.getByRole('heading', { level: 2 }).nextElementSibling?.textContent ?? '';

  test.each([
    ['eligible', /to an eligible copy.*it holds every record that was/],
    ['last-known', /This was an unclean election: nobody in sync or eligible was left.*is gone, though it was acknowledged/],
    ['unclean', /This was an unclean election: a copy that was not in sync leads. What it lacks is lost/],
  ] as const)('%s: says what that means for what was acknowledged', (how, words) => {
    tell({ election: by({ how }), atMs: named });
    expect(paragraph()).toMatch(words);
  });

  test.each(['eligible', 'last-known', 'unclean'] as const)('%s: promises nothing of copies in sync when the loss is told', (how) => {
    tell({ election: by({ how }), atMs: startMs });
    expect(paragraph()).toContain('One partition had no other copy in sync.');
    expect(paragraph()).not.toContain('Nothing that was acknowledged is lost');
  });

  test('is told in Chinese as well', () => {
    tell({ election: by({ how: 'last-known' }), atMs: named, locale: 'zh' });
    expect(paragraph()).toContain('不洁选举');
  });

  test('the broker that came back to lead is not called another than itself', () => {
    tell({ election: by({ how: 'last-known', toId: 2 }), atMs: named });
    expect(title()).toBe('orders-1 is led by broker 2 again: epoch 5');
  });

  test('one where everybody new was in sync still says that only the title moves', () => {
    tell({ atMs: named });
    expect(paragraph()).toContain('only the title moves, no data');
  });
});
