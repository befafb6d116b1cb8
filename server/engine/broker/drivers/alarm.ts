// One timer for the next moment at which something wants to be asked; setting it anew moves it.

import type { TimerHandle, World } from '#engine/world/ports.ts';

export class Alarm {
  readonly #world: Pick<World, 'clock' | 'timers'>;
  readonly #ring: () => void;
  #set: { readonly handle: TimerHandle; readonly atMs: number } | null = null;

  constructor(world: Pick<World, 'clock' | 'timers'>, ring: () => void) {
    this.#world = world;
    this.#ring = ring;
  }

  /** In monotonic milliseconds; Infinity asks for no ring. */
  setTo(atMs: number): void {
    if (this.#set?.atMs === atMs) return;
    this.clear();
    if (!Number.isFinite(atMs)) return;
    const nowMs = this.#world.clock.monotonicUs() / 1_000;
    const handle = this.#world.timers.setTimer(Math.max(0, Math.ceil(atMs - nowMs)), () => {
      this.#set = null;
      this.#ring();
    });
    this.#set = { handle, atMs };
  }

  clear(): void {
    if (this.#set !== null) this.#world.timers.clearTimer(this.#set.handle);
    this.#set = null;
  }
}
