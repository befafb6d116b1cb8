import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Lab, type LabHands } from './lab.ts';
import type { LabEvent, LabFault } from './lab-messages.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const done: string[] = [];
  const events: LabEvent[] = [];
  const alive = new Set([1, 2, 3]);
  const exits: (() => void)[] = [];
  const leave = (what: string, brokerId: number): Promise<void> => {
    done.push(`${what} ${brokerId}`);
    return new Promise((settle) => {
      exits.push(() => {
        alive.delete(brokerId);
        settle();
      });
    });
  };
  const hands: LabHands = {
    members: () => [1, 2, 3].map((brokerId) => ({ brokerId, ports: [9091 + brokerId] })),
    isAlive: (brokerId) => alive.has(brokerId),
    kill: (brokerId) => leave('kill', brokerId),
    stop: (brokerId) => leave('stop', brokerId),
    start: (brokerId) => {
      alive.add(brokerId);
      done.push(`start ${brokerId}`);
    },
    freeze: (brokerId) => void done.push(`freeze ${brokerId}`),
    thaw: (brokerId) => void done.push(`thaw ${brokerId}`),
    tell: (brokerId, { settings, drops }) =>
      void done.push(`tell ${brokerId} ${settings.links.length + drops.length + settings.inboundDelayMs}`),
  };
  const lab = new Lab(hands, (event) => events.push(event));
  const inject = (fault: LabFault, durationMs = 10_000) => lab.inject({ fault, durationMs, by: 'teacher' });
  const gone = async (): Promise<void> => {
    for (const exit of exits.splice(0)) exit();
    await vi.advanceTimersByTimeAsync(0);
  };
  const take = () => done.splice(0);
  return { lab, inject, take, events, gone, told: () => events.splice(0).map(({ kind, by, cause }) => `${kind} ${by} ${cause}`.trim()) };
}

test('a killed broker stays down until its time is up, and everybody is told who and why', async () => {
  const { inject, take, gone, told, lab } = setUp();
  inject({ kind: 'kill', brokerId: 2 }, 5_000);
  await gone();
  expect(take()).toEqual(['kill 2']);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(take()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(take()).toEqual(['start 2']);
  expect(lab.status().active).toEqual([]);
  expect(told()).toEqual(['fault-injected teacher', 'fault-ended teacher time']);
});

test('a stop that is undone half-way is finished before the broker starts again', async () => {
  const { lab, inject, take, gone } = setUp();
  const faultId = inject({ kind: 'stop', brokerId: 1 }).active[0]?.faultId as string;
  lab.undo(faultId, 'teacher');
  await vi.advanceTimersByTimeAsync(100);
  expect(take()).toEqual(['stop 1']);
  await gone();
  expect(take()).toEqual(['start 1']);
});

test('a frozen broker is thawed when undone, when killed, and when everything stops', async () => {
  const { lab, inject, take, gone, told } = setUp();
  inject({ kind: 'freeze', brokerId: 1 });
  lab.undo(lab.status().active[0]?.faultId as string, 'student');
  expect(take()).toEqual(['freeze 1', 'thaw 1']);
  expect(told()).toEqual(['fault-injected teacher', 'fault-ended student undone']);
  inject({ kind: 'freeze', brokerId: 1 });
  inject({ kind: 'kill', brokerId: 1 });
  await gone();
  expect(lab.status().active.map(({ fault }) => fault.kind)).toEqual(['kill']);
  inject({ kind: 'freeze', brokerId: 2 });
  take();
  lab.close();
  expect(take()).toEqual(['thaw 2']);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(take()).toEqual([]);
});

test('a cut is told to both ends, and taken back from both', () => {
  const { lab, inject, take } = setUp();
  inject({ kind: 'cut', fromId: 1, toId: 3, bothWays: false });
  expect(take()).toEqual(['tell 1 1', 'tell 3 1']);
  lab.healAll('teacher');
  expect(take()).toEqual(['tell 1 0', 'tell 3 0']);
});

test('a broker that comes back is told what still holds', () => {
  const { lab, inject, take } = setUp();
  inject({ kind: 'slow-clients', brokerId: 2, delayMs: 40 });
  take();
  lab.onReady(2);
  expect(take()).toEqual(['tell 2 40']);
});

test('a lost request ends its fault; a process that came anew ends its freeze', () => {
  const { lab, inject, told } = setUp();
  const { active } = inject({ kind: 'drop', brokerId: 1, apiKey: 0, what: 'request' });
  lab.onStruck(active[0]?.faultId as string);
  lab.onStruck('unknown');
  inject({ kind: 'freeze', brokerId: 3 });
  lab.onSpawn(3);
  expect(lab.status().active).toEqual([]);
  expect(told().filter((text) => text.startsWith('fault-ended'))).toEqual(['fault-ended  struck', 'fault-ended  gone']);
});

test('a restart ends what was done to the process and starts it when it is gone', async () => {
  const { lab, inject, take, gone, told } = setUp();
  inject({ kind: 'freeze', brokerId: 1 });
  const restarted = lab.restart(1, 'teacher');
  await gone();
  await restarted;
  expect(take()).toEqual(['freeze 1', 'thaw 1', 'stop 1', 'start 1']);
  expect(told().at(-1)).toBe('broker-restarted teacher');
});

test('more faults than anybody can follow are refused, and healing makes room', () => {
  const { lab, inject } = setUp();
  for (let apiKey = 0; apiKey < 32; apiKey++) inject({ kind: 'drop', brokerId: 1, apiKey, what: 'request' });
  expect(() => inject({ kind: 'full-disk', brokerId: 1 })).toThrow('32 faults hold already');
  lab.healAll('teacher');
  expect(inject({ kind: 'full-disk', brokerId: 1 }).active).toHaveLength(1);
});
