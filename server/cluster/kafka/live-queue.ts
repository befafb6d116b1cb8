// Live messages in their order, within three bounds: so many messages, so many facts in them, and one picture. A picture
// of a large cluster takes megabytes, and a newer one says everything that an older one said.

import { assert } from '#engine/base/assert.ts';
import type { LiveMessage } from '../port.ts';

export interface LiveQueueBounds {
  readonly maxMessages: number;
  /** A single frame is never refused for its size. */
  readonly maxFacts: number;
}

export class LiveQueue {
  readonly #bounds: LiveQueueBounds;
  #messages: LiveMessage[] = [];
  #facts = 0;

  constructor(bounds: LiveQueueBounds) {
    this.#bounds = bounds;
  }

  get messages(): readonly LiveMessage[] {
    return this.#messages;
  }

  /** Answers what had to go because of the bounds, oldest first. The picture that a newer one replaces is not among it: nothing is lost with it. */
  push(message: LiveMessage): readonly LiveMessage[] {
    if (message.batch.kind === 'snapshot') this.#messages = this.#messages.filter(({ batch }) => batch.kind !== 'snapshot');
    this.#messages.push(message);
    this.#facts += factsOf(message);
    const over: LiveMessage[] = [];
    for (let oldest = this.#takeSurplus(); oldest !== null; oldest = this.#takeSurplus()) over.push(oldest);
    assert(this.#messages.length <= this.#bounds.maxMessages, 'live messages wait within their bound');
    return over;
  }

  shift(): LiveMessage | null {
    const oldest = this.#messages.shift() ?? null;
    if (oldest !== null) this.#facts -= factsOf(oldest);
    return oldest;
  }

  #takeSurplus(): LiveMessage | null {
    const isOver = this.#messages.length > this.#bounds.maxMessages || (this.#facts > this.#bounds.maxFacts && this.#messages.length > 1);
    return isOver ? this.shift() : null;
  }
}

function factsOf({ batch }: LiveMessage): number {
  return batch.kind === 'facts' ? batch.events.length : 0;
}
