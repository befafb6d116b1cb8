// What clients did and saw, in the order in which they did: the only thing the checker knows. Written to a file line by line,
// so that a failure can be looked at afterwards.

import { createWriteStream, type WriteStream } from 'node:fs';

export type Operation =
  /** A send that was answered: `value` lies at `offset`, says the cluster. */
  | { readonly kind: 'acknowledged'; readonly client: string; readonly partition: number; readonly offset: number; readonly value: string }
  /** A send without a definite answer: the record may be in the log or not. */
  | { readonly kind: 'indeterminate'; readonly client: string; readonly partition: number; readonly value: string; readonly why: string }
  /** A record that a consumer was given. */
  | { readonly kind: 'polled'; readonly client: string; readonly partition: number; readonly offset: number; readonly value: string }
  /** The consumer's partitions may have changed: where it goes on is not bound to where it was. */
  | { readonly kind: 'reassigned'; readonly client: string }
  | { readonly kind: 'fault'; readonly what: string };

export type TimedOperation = Operation & { readonly atMs: number };

export class History {
  readonly operations: TimedOperation[] = [];
  readonly #file: WriteStream;

  constructor(path: string) {
    this.#file = createWriteStream(path);
  }

  add(operation: Operation): void {
    const timed = { atMs: Date.now(), ...operation };
    this.operations.push(timed);
    this.#file.write(`${JSON.stringify(timed)}\n`);
  }

  close(): Promise<void> {
    return new Promise((settle) => this.#file.end(settle));
  }
}
