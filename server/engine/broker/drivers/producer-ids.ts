// Producer ids for idempotent producers: taken from a block that the controller has given to this broker alone. The
// next block is asked for before the present one is used up, so that a producer seldom waits for the controller.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ProducerIdPort } from '../coordination-ports.ts';

export interface ProducerIdBlock {
  readonly errorCode: number;
  readonly firstId: number;
  readonly count: number;
}

/** Asks the controller for a block that nobody else in the cluster ever gets; the block's error code says when there is none. */
export type AllocateProducerIds = () => Promise<ProducerIdBlock>;

/** The share of a block that is used when the next one is fetched, as in Kafka. */
const prefetchAt = 0.9;

export class ProducerIds implements ProducerIdPort {
  readonly #allocate: AllocateProducerIds;
  #nextId = 0;
  #endId = 0;
  #prefetchId = 0;
  #reserve: ProducerIdBlock | null = null;
  #fetching: Promise<number> | null = null;

  constructor(allocate: AllocateProducerIds) {
    this.#allocate = allocate;
  }

  async next(): Promise<{ readonly errorCode: number; readonly producerId: number }> {
    while (this.#nextId >= this.#endId) {
      const errorCode = this.#takeReserve() ? errorCodes.NONE : await this.#fetch();
      if (errorCode !== errorCodes.NONE) return { errorCode, producerId: -1 };
    }
    const producerId = this.#nextId;
    this.#nextId += 1;
    if (producerId >= this.#prefetchId && this.#reserve === null) void this.#fetch();
    return { errorCode: errorCodes.NONE, producerId };
  }

  #takeReserve(): boolean {
    if (this.#reserve === null) return false;
    const { firstId, count } = this.#reserve;
    this.#reserve = null;
    this.#nextId = firstId;
    this.#endId = firstId + count;
    this.#prefetchId = firstId + Math.floor(count * prefetchAt);
    return true;
  }

  /** One request at a time; everyone who waits shares it. Clients take COORDINATOR_LOAD_IN_PROGRESS as "ask again". */
  #fetch(): Promise<number> {
    this.#fetching ??= this.#allocate()
      .then((block) => {
        if (block.errorCode !== errorCodes.NONE || block.count <= 0) return errorCodes.COORDINATOR_LOAD_IN_PROGRESS;
        this.#reserve = block;
        return errorCodes.NONE;
      })
      .finally(() => {
        this.#fetching = null;
      });
    return this.#fetching;
  }
}
