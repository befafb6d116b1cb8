import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultLimits as limits, step, stopped, type LifecycleInput, type LifecycleState } from './lifecycle.ts';

function run(inputs: readonly [number, LifecycleInput][], from: LifecycleState = stopped) {
  let state = from;
  const effects: string[] = [];
  for (const [nowMs, input] of inputs) {
    const next = step(state, input, { nowMs, limits });
    state = next.state;
    effects.push(...next.effects.map((effect) => (effect.kind === 'wake' ? `wake@${effect.atMs}` : effect.kind)));
  }
  return { state, effects };
}

test('a start spawns once, however often it is asked for', () => {
  const { state, effects } = run([
    [0, { kind: 'start' }],
    [1, { kind: 'start' }],
    [5, { kind: 'became-ready' }],
  ]);
  expect(state.name).toBe('ready');
  expect(effects.filter((effect) => effect === 'spawn')).toHaveLength(1);
});

test('a crash is answered with a growing, bounded back-off', () => {
  let state: LifecycleState = run([[0, { kind: 'start' }]]).state;
  const delays: number[] = [];
  let nowMs = 0;
  for (let round = 0; round < 10; round++) {
    state = step(state, { kind: 'exited', how: 'SIGKILL' }, { nowMs, limits }).state;
    if (state.name !== 'backing-off') throw new Error(state.name);
    delays.push(state.untilMs - nowMs);
    nowMs = state.untilMs;
    state = step(state, { kind: 'tick' }, { nowMs, limits }).state;
  }
  expect(delays.slice(0, 4)).toEqual([250, 500, 1_000, 2_000]);
  expect(Math.max(...delays)).toBe(limits.maxBackOffMs);
});

test('a broker that was healthy for long starts again at once-size back-off', () => {
  const { state } = run([[0, { kind: 'exited', how: 'code 1' }]], { name: 'ready', sinceMs: -limits.healthyAfterMs, failures: 7 });
  expect(state).toMatchObject({ name: 'backing-off', failures: 1, untilMs: limits.firstBackOffMs });
});

test('a process that does not become ready, or does not go, is killed', () => {
  expect(
    run([
      [0, { kind: 'start' }],
      [limits.startTimeoutMs, { kind: 'tick' }],
    ]).effects,
  ).toContain('kill');
  const late = run([
    [0, { kind: 'start' }],
    [1, { kind: 'stop' }],
    [1 + limits.drainTimeoutMs, { kind: 'tick' }],
  ]);
  expect(late.effects).toContain('kill');
  expect(late.state.name).toBe('draining');
});

test('a stop during back-off means no restart', () => {
  const { state, effects } = run([
    [0, { kind: 'start' }],
    [1, { kind: 'exited', how: 'code 1' }],
    [2, { kind: 'stop' }],
    [9_999, { kind: 'tick' }],
  ]);
  expect(state.name).toBe('stopped');
  expect(effects.filter((effect) => effect === 'spawn')).toHaveLength(1);
});

const anyInput = fc.oneof(
  fc.constant<LifecycleInput>({ kind: 'start' }),
  fc.constant<LifecycleInput>({ kind: 'became-ready' }),
  fc.constant<LifecycleInput>({ kind: 'exited', how: 'x' }),
  fc.constant<LifecycleInput>({ kind: 'declined' }),
  fc.constant<LifecycleInput>({ kind: 'stop' }),
  fc.constant<LifecycleInput>({ kind: 'tick' }),
);

test('no order of inputs ever asks for a second process while one lives', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(30_000), anyInput), { maxLength: 60 }), (inputs) => {
      let state: LifecycleState = stopped;
      let alive = false;
      let nowMs = 0;
      for (const [delay, input] of inputs) {
        nowMs += delay;
        if (input.kind === 'exited' || input.kind === 'declined') {
          if (!alive) continue;
          alive = false;
        }
        const next = step(state, input, { nowMs, limits });
        for (const effect of next.effects) {
          if (effect.kind === 'spawn') {
            expect(alive).toBe(false);
            alive = true;
          }
        }
        state = next.state;
      }
    }),
  );
});

test('what is declined instead of spawned is stopped, and tried again only when somebody starts it', () => {
  const declined: [number, LifecycleInput][] = [
    [0, { kind: 'start' }],
    [1, { kind: 'declined' }],
    [limits.startTimeoutMs, { kind: 'tick' }],
  ];
  expect(run(declined).state.name).toBe('stopped');
  expect(run([...declined, [limits.startTimeoutMs + 1, { kind: 'start' }]]).effects.filter((effect) => effect === 'spawn')).toHaveLength(2);
});

test('a killed child is not a crash: it stays stopped until it is started, wherever it was', () => {
  const killed = run([
    [0, { kind: 'start' }],
    [1, { kind: 'became-ready' }],
    [2, { kind: 'kill' }],
    [3, { kind: 'exited', how: 'SIGKILL' }],
  ]);
  expect(killed.effects).toContain('kill');
  expect(killed.state).toEqual(stopped);
  const backingOff: LifecycleState = { name: 'backing-off', untilMs: 10, failures: 1, lastExit: 'x' };
  expect(run([[1, { kind: 'kill' }]], backingOff)).toEqual({ state: stopped, effects: [] });
  expect(run([[1, { kind: 'kill' }]]).effects).toEqual([]);
  expect(run([[1, { kind: 'kill' }]], { name: 'draining', sinceMs: 0 })).toMatchObject({ state: { name: 'draining', sinceMs: 0 } });
});

test.each([
  {
    what: 'waits to start again',
    state: { name: 'backing-off', untilMs: 500, failures: 1, lastExit: 'SIGKILL' },
    dueMs: 500,
    effect: 'spawn',
  },
  { what: 'starts', state: { name: 'starting', sinceMs: 0, failures: 0 }, dueMs: limits.startTimeoutMs, effect: 'kill' },
  { what: 'ends', state: { name: 'draining', sinceMs: 0 }, dueMs: limits.drainTimeoutMs, effect: 'kill' },
] as const)('a timer that rings a moment early is set again while a process $what: nobody else would', ({ state, dueMs, effect }) => {
  const early = run([[dueMs - 1, { kind: 'tick' }]], state);
  expect(early).toEqual({ state, effects: [`wake@${dueMs}`] });
  expect(run([[dueMs, { kind: 'tick' }]], state).effects[0]).toBe(effect);
});
