// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { EventLane } from './event-lane.tsx';
import type { LaneEvent } from './lane-model.ts';
import type { Lane } from './use-lane.ts';

const nowMs = Date.UTC(2026, 10, 22, 14, 2, 40, 123);

beforeAll(() => {
  // The DOM in memory lays nothing out: the lane is as wide as the browser of the pictures has it.
  vi.stubGlobal(
    'ResizeObserver',
    class {
      readonly #tell: () => void;
      constructor(tell: () => void) {
        this.#tell = tell;
      }
      observe(element: Element): void {
        Object.defineProperty(element, 'clientWidth', { value: 1_206, configurable: true });
        this.#tell();
      }
      disconnect(): void {}
      unobserve(): void {}
    },
  );
});

function event(agoSeconds: number, kind: string, subject: string): LaneEvent {
  return { atMs: nowMs - agoSeconds * 1_000, kind, subject, cause: 'because', detail: { brokerId: 2 } };
}

const events = [event(20, 'topic-created', 'orders'), event(90, 'broker-gone', 'broker 2'), event(200, 'topic-deleted', 'old')];

function lane(change: Partial<Lane> = {}): Lane {
  const second = { recordsInPerSecond: 126, recordsOutPerSecond: 154 };
  return {
    window: { fromMs: nowMs - 300_000, toMs: nowMs },
    events,
    samples: Array.from({ length: 300 }, (_, index) => ({ ...second, atMs: nowMs - (299 - index) * 1_000 })),
    lastMs: nowMs,
    minutes: 5,
    setMinutes: () => undefined,
    ...change,
  };
}

describe('the lane', () => {
  test('a mark is one button of a toolbar: one tab stop, arrows along, Enter shows its moment', async () => {
    const moments: number[] = [];
    const { user } = show(<EventLane lane={lane()} atMs={null} onMoment={(atMs) => moments.push(atMs)} />);
    const marks = within(screen.getByRole('toolbar', { name: 'Events on the lane' })).getAllByRole('button');
    expect(marks.map((mark) => mark.tabIndex)).toEqual([-1, -1, 0]);
    expect(marks[1]!.getAttribute('aria-label')).toBe('14:01:10.123: Broker down, broker 2');
    act(() => marks[2]!.focus());
    await user.keyboard('{ArrowLeft}');
    expect(document.activeElement).toBe(marks[1]);
    await user.keyboard('{Enter}{Home}{ArrowLeft}{Enter}{End}{Enter}');
    expect(moments.map((atMs) => nowMs - atMs)).toEqual([90_000, 200_000, 20_000]);
  });

  test('the table twin has every event, says which moment is shown, and leads to each', async () => {
    const moments: number[] = [];
    const { user } = show(<EventLane lane={lane()} atMs={events[1]!.atMs} onMoment={(atMs) => moments.push(atMs)} />, {
      search: 'events=true',
    });
    const rows = screen.getAllByRole('row').slice(1);
    expect(rows.map((row) => row.getAttribute('aria-current'))).toEqual([null, 'time', null]);
    await user.click(screen.getByRole('button', { name: 'Show the cluster at 13:59:20.123' }));
    expect(moments).toEqual([events[2]!.atMs]);
  });

  test('its length is chosen by buttons that say which one holds', async () => {
    const chosen: number[] = [];
    const { user } = show(<EventLane lane={lane({ setMinutes: (one) => chosen.push(one) })} atMs={null} onMoment={() => undefined} />);
    expect(screen.getByRole('button', { name: '5 min' }).getAttribute('aria-pressed')).toBe('true');
    await user.click(screen.getByRole('button', { name: '60 min' }));
    expect(chosen).toEqual([60]);
  });

  test('a place clicked is its moment', async () => {
    const moments: number[] = [];
    const { user } = show(<EventLane lane={lane()} atMs={null} onMoment={(atMs) => moments.push(atMs)} />);
    // From 84 to 1114 lies the axis of five minutes.
    await user.pointer({ keys: '[MouseLeft]', target: screen.getByRole('img'), coords: { clientX: 599, clientY: 80 } });
    expect(moments).toEqual([nowMs - 150_000]);
  });
});
