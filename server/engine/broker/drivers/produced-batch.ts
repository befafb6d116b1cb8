// Which batch a produce brings for a partition, before anything asks whether the log may take it. The order of the checks is Kafka's
// (ProduceRequest.validateRecords, KafkaApis), since each has a code of its own.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { batchSize, codec, currentMagic, isTransactional, magic } from '#engine/protocol/records/batch.ts';
import { checkFrame, sizeOfAnyFormat } from '#engine/protocol/records/batch-check.ts';
import { refusedProduce, type ProduceCommand, type ProduceOutcome } from '../partition-port.ts';

const firstVersionWithZstd = 7;

export type ProducedBatch =
  | { readonly kind: 'batch'; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly outcome: ProduceOutcome };

/** The one batch of the command, without a torn one behind it, which a reader would pass over as well. */
export function producedBatch(command: Pick<ProduceCommand, 'records' | 'apiVersion' | 'transactionalId'>): ProducedBatch {
  const records = command.records ?? new Uint8Array(0);
  const size = sizeOfAnyFormat(records, 0);
  if (size === 'corrupt') return refuse(errorCodes.CORRUPT_MESSAGE, 'the record batch is not valid');
  if (size === null) return refuse(errorCodes.INVALID_RECORD, 'the partition holds no record batch');
  if (magic(records, 0) !== currentMagic) return refuse(errorCodes.INVALID_RECORD, 'only record batches of format 2 are taken');
  const fault = checkFrame(records, 0, size);
  if (fault !== null) return refuse(errorCodes.CORRUPT_MESSAGE, `the record batch is not valid: ${fault}`);
  return refuseFeature(records, command) ?? refuseSecond(records) ?? { kind: 'batch', bytes: records.subarray(0, size) };
}

function refuseFeature(records: Uint8Array, { apiVersion, transactionalId }: Pick<ProduceCommand, 'apiVersion' | 'transactionalId'>) {
  if (codec(records, 0) === 'zstd' && apiVersion < firstVersionWithZstd)
    return refuse(errorCodes.UNSUPPORTED_COMPRESSION_TYPE, `zstd needs Produce ${firstVersionWithZstd} or later`);
  if (!isTransactional(records, 0)) return null;
  if (transactionalId === null)
    return refuse(errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, 'a transactional batch needs a transactional id');
  // Transactions are not served yet. One that nobody can end would keep readers of committed records waiting for ever.
  return refuse(errorCodes.INVALID_TXN_STATE, 'no such transaction has begun');
}

function refuseSecond(records: Uint8Array): ProducedBatch | null {
  const second = sizeOfAnyFormat(records, batchSize(records, 0));
  if (second === null) return null;
  if (second === 'corrupt') return refuse(errorCodes.CORRUPT_MESSAGE, 'behind the record batch comes none');
  return refuse(errorCodes.INVALID_RECORD, 'a produce request may hold one batch a partition');
}

function refuse(errorCode: number, message: string): ProducedBatch {
  return { kind: 'refused', outcome: refusedProduce(errorCode, message) };
}
