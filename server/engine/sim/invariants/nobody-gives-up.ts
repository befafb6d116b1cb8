// A crash from outside is survived; a broker that ends by itself, or a client that nothing helps, has found a bug of ours.

import type { History, Violation } from '../history.ts';

export function nobodyGivesUp(history: History): Violation[] {
  return history.fatal.map((reason) => `gave up: ${reason}`);
}
