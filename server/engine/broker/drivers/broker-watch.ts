// Notices that a broker's process is gone long before its session ends: when something hints at it, its port is asked. Only a
// refused connection counts, for nobody listens there any more; a frozen or cut-off broker refuses nothing and keeps its session.
// Invariant: a broker that is wrongly taken for gone loses nothing but a moment: its next heartbeat unfences it.

import type { BrokerImage } from '#engine/controller/image/cluster-image.ts';
import { interBrokerEndpoint } from '../listener-endpoints.ts';
import { NetworkError, type ByteStream, type World } from '#engine/world/ports.ts';

/** When to ask after a hint: a dying process closes its ports a moment after its connections, a long one where processors are short. */
const askAfterMs = [0, 20, 100, 500, 1_000, 1_000];
const connectTimeoutMs = 500;

export interface BrokerWatchOptions {
  readonly world: World;
  /** The broker as the newest image knows it; undefined when there is nothing to watch. */
  readonly find: (brokerId: number) => BrokerImage | undefined;
  /** The listener that brokers use among themselves. */
  readonly listenerName: string;
  readonly onGone: (brokerId: number, brokerEpoch: number) => void;
}

export class BrokerWatch {
  readonly #options: BrokerWatchOptions;
  /** One question at a time for each broker. */
  readonly #suspects = new Set<number>();
  #isClosed = false;

  constructor(options: BrokerWatchOptions) {
    this.#options = options;
  }

  /** Something hints that this broker's process ended. */
  suspect(brokerId: number): void {
    if (this.#isClosed || this.#suspects.has(brokerId)) return;
    this.#suspects.add(brokerId);
    void this.#ask(brokerId).finally(() => this.#suspects.delete(brokerId));
  }

  close(): void {
    this.#isClosed = true;
  }

  async #ask(brokerId: number): Promise<void> {
    for (const delayMs of askAfterMs) {
      await this.#sleep(delayMs);
      const broker = this.#isClosed ? undefined : this.#options.find(brokerId);
      if (broker === undefined || broker.isFenced) return;
      if (await this.#isRefused(broker)) return this.#options.onGone(brokerId, broker.brokerEpoch);
    }
  }

  async #isRefused(broker: BrokerImage): Promise<boolean> {
    const endpoint = interBrokerEndpoint(broker, this.#options.listenerName);
    if (endpoint === undefined) return false;
    const { host, port } = endpoint;
    try {
      const stream = await this.#options.world.network.connect({ host, port, timeoutMs: connectTimeoutMs });
      const isOwnEcho = stream.localPort === stream.remotePort;
      close(stream);
      return isOwnEcho;
    } catch (error) {
      if (error instanceof NetworkError) return error.code === 'refused';
      throw error;
    }
  }

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.world.timers.setTimer(delayMs, resolve);
    });
  }
}

function close(stream: ByteStream): void {
  stream.onClose(() => undefined);
  stream.destroy();
}
