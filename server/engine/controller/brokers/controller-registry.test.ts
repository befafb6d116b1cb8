import { expect, test } from 'vitest';
import { emptyImage } from '../image/cluster-image.ts';
import { replayAll } from '../image/replay.ts';
import { toRecords } from '../image/to-records.ts';
import { TestController } from '../testing/test-controller.ts';
import { decideControllerRegistration } from './controller-registry.ts';

function register(controller: TestController, controllerId: number, incarnation: string): number {
  const decision = decideControllerRegistration(controller.view(), {
    controllerId,
    incarnationId: incarnation.padStart(22, 'A') as never,
    listeners: [{ name: 'CONTROLLER', host: '127.0.0.1', port: 9_190 + controllerId, securityProtocol: 0 }],
    features: [],
  });
  controller.apply(decision);
  return decision.records.length;
}

test('every voter is in the log once a process: asking again writes nothing, a restart replaces the address', () => {
  const controller = new TestController();
  expect([register(controller, 1, 'first'), register(controller, 2, 'other'), register(controller, 1, 'first')]).toEqual([1, 1, 0]);
  expect(register(controller, 1, 'second')).toBe(1);
  expect([...controller.image.controllers.keys()]).toEqual([1, 2]);
  expect(replayAll(emptyImage, [...toRecords(controller.image)], 1).controllers).toEqual(controller.image.controllers);
});
