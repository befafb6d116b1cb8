// Questions to brokers that wait for their answers. A broker that is frozen, starting or gone answers late or never: the
// question is then answered with null, and what comes later is dropped.
// Invariant: at most maxWaiting questions wait, each no longer than patienceMs.

import type { BrokerAnswer, BrokerQuestion } from '#engine/trace/process-link.ts';

const patienceMs = 1_500;
const maxWaiting = 1_000;

export class BrokerAsks {
  readonly #waiting = new Map<number, (answer: BrokerAnswer | null) => void>();
  #nextId = 1;

  /** @param send answers whether the question is on its way */
  ask(
    question: BrokerQuestion,
    send: (message: { type: 'ask'; askId: number; question: BrokerQuestion }) => boolean,
  ): Promise<BrokerAnswer | null> {
    if (this.#waiting.size >= maxWaiting) return Promise.resolve(null);
    const askId = this.#nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.take(askId, null), patienceMs);
      this.#waiting.set(askId, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      if (!send({ type: 'ask', askId, question })) this.take(askId, null);
    });
  }

  take(askId: number, answer: BrokerAnswer | null): void {
    this.#waiting.get(askId)?.(answer);
    this.#waiting.delete(askId);
  }
}
