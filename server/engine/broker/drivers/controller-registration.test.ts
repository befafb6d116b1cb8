import { expect, test } from 'vitest';
import { settle } from '#engine/client/testing/scripted-broker.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { registerController } from './controller-registration.ts';

const { NONE, REQUEST_TIMED_OUT, UNSUPPORTED_VERSION } = errorCodes;
/** More than any test needs: a loop without a pause would never let another turn come. */
const tooMany = 10_000;

function registering() {
  const time = new ManualTime();
  const controller = { errorCode: REQUEST_TIMED_OUT as number, asked: 0 };
  const node = { isWanted: true };
  const refused: unknown[] = [];
  const done = registerController({
    world: { ...nodeWorld(), timers: time },
    log: { error: (_event, fields) => void refused.push(fields) },
    ask: () => {
      controller.asked += 1;
      return Promise.resolve({ errorCode: controller.asked > tooMany ? NONE : controller.errorCode });
    },
    isWanted: () => node.isWanted,
  });
  const pass = async (ms: number): Promise<void> => {
    for (let passedMs = 0; passedMs < ms; passedMs += 50) {
      await settle();
      time.advance(50);
    }
    await settle();
  };
  return { controller, node, refused, done, pass };
}

test('a controller that refuses at once is asked with a growing pause, until it takes the node', async () => {
  const { controller, done, pass } = registering();
  await pass(20_000);
  expect(controller.asked).toBeGreaterThan(3);
  expect(controller.asked).toBeLessThanOrEqual(16);
  controller.errorCode = NONE;
  await pass(5_000);
  await done;
  const { asked } = controller;
  await pass(10_000);
  expect(controller.asked).toBe(asked);
});

test('ends when the node stops, and when the controller refuses for good, with the reason', async () => {
  const stopping = registering();
  stopping.node.isWanted = false;
  await stopping.pass(1_000);
  await stopping.done;
  const refused = registering();
  refused.controller.errorCode = UNSUPPORTED_VERSION;
  await refused.pass(1_000);
  await refused.done;
  expect(refused.refused).toEqual([{ error: 'UNSUPPORTED_VERSION' }]);
});
