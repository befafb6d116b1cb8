// Assertions are for programmer's errors only: what a client, a disk or the network can cause is a
// value or a typed error instead. A failed assertion ends the process; the supervisor restarts it.

export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
}

/** Throws AssertionFailure unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}

/** The `default` of an exhaustive switch: the compiler proves that it is never reached. */
export function assertNever(value: never): never {
  throw new AssertionFailure(`unexpected variant: ${JSON.stringify(value)}`);
}
