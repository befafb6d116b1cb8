// Notices that the cluster has lost this broker while clients still reach it: its session is over, nobody copies from what it leads
// any more, and yet somebody else is there. By then others lead in its place. Clients that only talk to this broker would be told
// its old metadata for as long as that lasts, so they are sent away until a heartbeat is answered again.
// Invariant: a broker that is the last one alive, or merely without a controller, goes on serving.

import { NetworkError, type TimerHandle, type World } from '#engine/world/ports.ts';

const lookEveryMs = 250;
const connectTimeoutMs = 500;

export interface IsolationOptions {
  readonly world: World;
  /** No heartbeat was answered for a whole session. */
  readonly isSessionOver: () => boolean;
  /** It leads partitions that others should copy, and none of them is copied. */
  readonly isDeserted: () => boolean;
  /** Where the other brokers listened when they were last heard of. */
  readonly others: () => readonly { readonly host: string; readonly port: number }[];
  readonly onChange: (isIsolated: boolean) => void;
}

export class Isolation {
  readonly #options: IsolationOptions;
  #isIsolated = false;
  #isClosed = false;
  #timer: TimerHandle | null = null;

  constructor(options: IsolationOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.world.timers.setTimer(lookEveryMs, () => {
      void this.#look().then(() => {
        if (!this.#isClosed) this.start();
      });
    });
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) this.#options.world.timers.clearTimer(this.#timer);
  }

  async #look(): Promise<void> {
    const isLost = this.#isLost() && (this.#isIsolated || (await this.#isAnybodyThere()));
    // The question takes time: an answered heartbeat counts for more.
    const isIsolated = isLost && this.#isLost();
    if (this.#isClosed || isIsolated === this.#isIsolated) return;
    this.#isIsolated = isIsolated;
    this.#options.onChange(isIsolated);
  }

  #isLost(): boolean {
    return this.#options.isSessionOver() && this.#options.isDeserted();
  }

  /** Only a refused connection says for certain that a broker is gone: behind a cut link it may be leading. */
  async #isAnybodyThere(): Promise<boolean> {
    const answers = await Promise.all(this.#options.others().map((address) => this.#isRefused(address)));
    return answers.includes(false);
  }

  async #isRefused({ host, port }: { readonly host: string; readonly port: number }): Promise<boolean> {
    try {
      const stream = await this.#options.world.network.connect({ host, port, timeoutMs: connectTimeoutMs });
      stream.onClose(() => undefined);
      stream.destroy();
      return false;
    } catch (error) {
      if (error instanceof NetworkError) return error.code === 'refused';
      throw error;
    }
  }
}
