// A node with a controller's listener tells the active controller where it is, once a process. Without a controller, and while
// that one is overloaded, it asks again.

import { Retries, type BackOff } from '#engine/client/back-off.ts';
import type { controllerRegistrationApi } from '#engine/protocol/apis/70-controller-registration.ts';
import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import type { World } from '#engine/world/ports.ts';
import type { BrokerLog } from '../broker-log.ts';

/** An overloaded controller refuses at once: asking again in the same turn would never let it get on. */
const askAgain: BackOff = { initialMs: 100, maxMs: 5_000 };

export interface ControllerRegistration {
  readonly world: Pick<World, 'timers' | 'random'>;
  readonly log: Pick<BrokerLog, 'error'>;
  readonly ask: () => Promise<Pick<ResponseInput<typeof controllerRegistrationApi>, 'errorCode'>>;
  /** False once the node stops. */
  readonly isWanted: () => boolean;
}

export async function registerController({ world, log, ask, isWanted }: ControllerRegistration): Promise<void> {
  const retries = new Retries(askAgain, world.random);
  while (isWanted()) {
    const { errorCode } = await ask();
    if (errorCode === errorCodes.NONE) return;
    if (errorCode !== errorCodes.REQUEST_TIMED_OUT)
      return log.error('controller-registration-refused', { error: errorName(errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR) });
    await new Promise<void>((resolve) => {
      world.timers.setTimer(retries.nextDelayMs(), resolve);
    });
  }
}
