// Waiting for room on a full disk: with a back-off, and said once for each time that it lasts.

import { Retries, type BackOff } from '#engine/client/back-off.ts';
import type { StorageError } from '#engine/storage/storage-error.ts';
import type { TimerHandle, World } from '#engine/world/ports.ts';

/** How soon a full disk is asked again. */
const roomBackOff: BackOff = { initialMs: 100, maxMs: 5_000 };

export class RoomWait {
  readonly #world: Pick<World, 'timers' | 'random'>;
  readonly #onNoRoom: (error: StorageError) => void;
  readonly #retries: Retries;
  #timer: TimerHandle | null = null;
  #isShort = false;

  constructor(world: Pick<World, 'timers' | 'random'>, onNoRoom: (error: StorageError) => void) {
    this.#world = world;
    this.#onNoRoom = onNoRoom;
    this.#retries = new Retries(roomBackOff, world.random);
  }

  get isWaiting(): boolean {
    return this.#timer !== null;
  }

  /** Calls `again` a little later; longer every time until something was written. */
  tryLater(error: StorageError, again: () => void): void {
    if (!this.#isShort) this.#onNoRoom(error);
    this.#isShort = true;
    this.#timer = this.#world.timers.setTimer(this.#retries.nextDelayMs(), () => {
      this.#timer = null;
      again();
    });
  }

  onWritten(): void {
    if (!this.#isShort) return;
    this.#isShort = false;
    this.#retries.reset();
  }

  cancel(): void {
    if (this.#timer !== null) this.#world.timers.clearTimer(this.#timer);
    this.#timer = null;
  }
}
