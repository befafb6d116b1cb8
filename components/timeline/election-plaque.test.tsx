// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { useEffect, useState } from 'react';
import { show } from '#components/testing/console.tsx';
import { ElectionPlaque } from './election-plaque.tsx';
import type { Election } from './election.ts';

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
  moves: [{ topic: 'orders', partition: 1, fromId: 2, toId: 3, leaderEpoch: 5, atMs: startMs + 112, followedMs: startMs + 420 }],
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

function tell(change: { readonly atMs?: number | null; readonly election?: Election } = {}) {
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
