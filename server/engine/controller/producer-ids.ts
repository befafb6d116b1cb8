// AllocateProducerIds (key 67): every broker gets blocks of ids that nobody else in the cluster ever had.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { answerOnly, refuse, type ControllerView, type Decision, type Refusal } from './decision.ts';
import { staleEpoch } from './brokers/broker-registry.ts';

export const producerIdBlockSize = 1_000;

export type ProducerIdAnswer = { readonly errorCode: 0; readonly producerIdStart: number; readonly producerIdLen: number } | Refusal;

export function decideProducerIds(
  view: ControllerView,
  request: { readonly brokerId: number; readonly brokerEpoch: number },
): Decision<ProducerIdAnswer> {
  const broker = view.image.brokers.get(request.brokerId);
  if (broker === undefined) return answerOnly(refuse(errorCodes.BROKER_ID_NOT_REGISTERED, `Broker ${request.brokerId} is not registered.`));
  if (broker.brokerEpoch !== request.brokerEpoch) return answerOnly(staleEpoch(broker, request.brokerEpoch));
  const start = view.image.nextProducerId;
  return {
    records: [
      { type: 'ProducerIds', brokerId: request.brokerId, brokerEpoch: request.brokerEpoch, nextProducerId: start + producerIdBlockSize },
    ],
    answer: { errorCode: 0, producerIdStart: start, producerIdLen: producerIdBlockSize },
  };
}
