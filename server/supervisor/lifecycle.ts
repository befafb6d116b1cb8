// The life of one child process as a pure machine: inputs in, next state and effects out. It knows no timers and no
// processes, so every order of events can be tested. The shell (`child.ts`) carries the effects out in order.
//
//   stopped -> starting -> ready -> draining -> stopped
//                 \          \-> backing-off -> starting   (a crash, at any time)
//                  \-> stopped   (declined: it was not even spawned)
//
// Invariant: at most one process is alive at a time; 'spawn' is only asked for when none is.

export type LifecycleState =
  | { readonly name: 'stopped' }
  | { readonly name: 'starting'; readonly sinceMs: number; readonly failures: number }
  | { readonly name: 'ready'; readonly sinceMs: number; readonly failures: number }
  | { readonly name: 'draining'; readonly sinceMs: number }
  | { readonly name: 'backing-off'; readonly untilMs: number; readonly failures: number; readonly lastExit: string };

export type LifecycleInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'became-ready' }
  | { readonly kind: 'exited'; readonly how: string }
  /** Instead of being spawned, and for good until the next start: something stands in the way that time doesn't remove. */
  | { readonly kind: 'declined' }
  | { readonly kind: 'stop' }
  /** Ends it at once, and for good until the next start: not a crash. */
  | { readonly kind: 'kill' }
  | { readonly kind: 'tick' };

export type LifecycleEffect =
  | { readonly kind: 'spawn' }
  | { readonly kind: 'ask-to-stop' }
  | { readonly kind: 'kill' }
  /** Deliver a 'tick' at or after this moment. */
  | { readonly kind: 'wake'; readonly atMs: number };

export interface LifecycleLimits {
  /** A process that isn't ready by then is killed and counts as crashed. */
  readonly startTimeoutMs: number;
  /** A process that hasn't gone by then after being asked to is killed. */
  readonly drainTimeoutMs: number;
  readonly firstBackOffMs: number;
  readonly maxBackOffMs: number;
  /** Ready for this long means healthy: earlier failures are forgotten. */
  readonly healthyAfterMs: number;
}

export const defaultLimits: LifecycleLimits = {
  startTimeoutMs: 60_000,
  drainTimeoutMs: 20_000,
  firstBackOffMs: 250,
  maxBackOffMs: 15_000,
  healthyAfterMs: 30_000,
};

/** A child that has ended so often without ever having been ready will not be ready the next time either. */
export const maxStartAttempts = 3;

export interface LifecycleStep {
  readonly state: LifecycleState;
  readonly effects: readonly LifecycleEffect[];
}

export const stopped: LifecycleState = { name: 'stopped' };

/** Takes one input at `nowMs`. Inputs that make no sense in the state change nothing: exits and asks may cross. */
export function step(
  state: LifecycleState,
  input: LifecycleInput,
  { nowMs, limits }: { readonly nowMs: number; readonly limits: LifecycleLimits },
): LifecycleStep {
  switch (input.kind) {
    case 'start':
      return state.name === 'stopped' ? begin(nowMs, 0, limits) : { state, effects: [] };
    case 'became-ready':
      return state.name === 'starting'
        ? { state: { name: 'ready', sinceMs: nowMs, failures: state.failures }, effects: [] }
        : { state, effects: [] };
    case 'exited':
      return onExit(state, input.how, { nowMs, limits });
    case 'declined':
      return state.name === 'starting' || state.name === 'draining' ? { state: stopped, effects: [] } : { state, effects: [] };
    case 'stop':
      return onStop(state, nowMs, limits);
    case 'kill':
      return onKill(state, nowMs, limits);
    case 'tick':
      return onTick(state, nowMs, limits);
  }
}

function begin(nowMs: number, failures: number, limits: LifecycleLimits): LifecycleStep {
  return {
    state: { name: 'starting', sinceMs: nowMs, failures },
    effects: [{ kind: 'spawn' }, { kind: 'wake', atMs: nowMs + limits.startTimeoutMs }],
  };
}

function onExit(
  state: LifecycleState,
  how: string,
  { nowMs, limits }: { readonly nowMs: number; readonly limits: LifecycleLimits },
): LifecycleStep {
  if (state.name === 'draining' || state.name === 'stopped') return { state: stopped, effects: [] };
  if (state.name === 'backing-off') return { state, effects: [] };
  const wasHealthy = state.name === 'ready' && nowMs - state.sinceMs >= limits.healthyAfterMs;
  const failures = wasHealthy ? 1 : state.failures + 1;
  const untilMs = nowMs + Math.min(limits.maxBackOffMs, limits.firstBackOffMs * 2 ** (failures - 1));
  return { state: { name: 'backing-off', untilMs, failures, lastExit: how }, effects: [{ kind: 'wake', atMs: untilMs }] };
}

function onStop(state: LifecycleState, nowMs: number, limits: LifecycleLimits): LifecycleStep {
  if (state.name === 'starting' || state.name === 'ready') {
    return {
      state: { name: 'draining', sinceMs: nowMs },
      effects: [{ kind: 'ask-to-stop' }, { kind: 'wake', atMs: nowMs + limits.drainTimeoutMs }],
    };
  }
  return state.name === 'backing-off' ? { state: stopped, effects: [] } : { state, effects: [] };
}

function onKill(state: LifecycleState, nowMs: number, limits: LifecycleLimits): LifecycleStep {
  if (state.name === 'stopped') return { state, effects: [] };
  if (state.name === 'backing-off') return { state: stopped, effects: [] };
  const draining: LifecycleState = state.name === 'draining' ? state : { name: 'draining', sinceMs: nowMs };
  return { state: draining, effects: [{ kind: 'kill' }, { kind: 'wake', atMs: nowMs + limits.drainTimeoutMs }] };
}

/** A timer may ring a moment early by the wall clock, which is what counts here: then it is set again. */
function onTick(state: LifecycleState, nowMs: number, limits: LifecycleLimits): LifecycleStep {
  const dueMs = dueAtMs(state, limits);
  if (dueMs === null) return { state, effects: [] };
  if (nowMs < dueMs) return { state, effects: [{ kind: 'wake', atMs: dueMs }] };
  return state.name === 'backing-off' ? begin(nowMs, state.failures, limits) : { state, effects: [{ kind: 'kill' }] };
}

/** When this state has lasted long enough; null: it may last. */
function dueAtMs(state: LifecycleState, limits: LifecycleLimits): number | null {
  switch (state.name) {
    case 'starting':
      return state.sinceMs + limits.startTimeoutMs;
    case 'draining':
      return state.sinceMs + limits.drainTimeoutMs;
    case 'backing-off':
      return state.untilMs;
    case 'ready':
    case 'stopped':
      return null;
  }
}
