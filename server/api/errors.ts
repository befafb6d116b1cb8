// How an error of the rooms below becomes an answer to the browser: an HTTP-like code for tRPC and, in
// `data.kafka`, the exact code, the advice and the addresses tried. Kept in one place, so routers have no try/catch.

import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { adviceOf, isClusterError, toldTrouble, type ClusterError } from '#server/cluster/cluster-error.ts';
import type { ToldTrouble } from '#server/cluster/trouble.ts';

type TrpcCode = TRPCError['code'];

/** What the browser sees of a ClusterError beside its message. */
export interface KafkaErrorData {
  readonly code: string;
  readonly advice: string | null;
  readonly tries: readonly { readonly address: string; readonly reason: string }[];
  /** What happened and what to do, as data: message and advice are the English words of it. */
  readonly told: ToldTrouble;
}

const notFound = [
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'GROUP_ID_NOT_FOUND',
  'UNKNOWN_CLUSTER',
  'UNKNOWN_BROKER',
  'VOTER_NOT_FOUND',
  'UNKNOWN_JOB',
  'UNKNOWN_VIEW',
  'OFFSET_OUT_OF_RANGE',
];
const conflict = ['TOPIC_ALREADY_EXISTS', 'NON_EMPTY_GROUP', 'GROUP_SUBSCRIBED_TO_TOPIC', 'NAME_TAKEN', 'DUPLICATE_VOTER'];
const forbidden = ['TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'POLICY_VIOLATION'];
const unavailable = [
  'CLUSTER_LOST',
  'UNAVAILABLE',
  'LEADER_NOT_AVAILABLE',
  'COORDINATOR_NOT_AVAILABLE',
  'BROKER_NOT_AVAILABLE',
  'NOT_CONTROLLER',
];
const internal = ['UNKNOWN_SERVER_ERROR', 'KAFKA_STORAGE_ERROR', 'CORRUPT_MESSAGE'];

const codes = new Map<string, TrpcCode>([
  ...notFound.map((code) => [code, 'NOT_FOUND'] as const),
  ...conflict.map((code) => [code, 'CONFLICT'] as const),
  ...forbidden.map((code) => [code, 'FORBIDDEN'] as const),
  ...unavailable.map((code) => [code, 'SERVICE_UNAVAILABLE'] as const),
  ...internal.map((code) => [code, 'INTERNAL_SERVER_ERROR'] as const),
  ['TIMED_OUT', 'TIMEOUT'],
  ['REQUEST_TIMED_OUT', 'TIMEOUT'],
  ['CANCELLED', 'CLIENT_CLOSED_REQUEST'],
]);

/** Every other code is Kafka refusing what was asked: the asker's to mend. */
export function trpcCodeOf(error: ClusterError): TrpcCode {
  return codes.get(error.code) ?? 'BAD_REQUEST';
}

/** Gives the errors we know their code; leaves every other error as it is. */
export function toTrpcError(cause: unknown): TRPCError | null {
  if (isClusterError(cause)) return new TRPCError({ code: trpcCodeOf(cause), message: cause.message, cause });
  if (cause instanceof Error && cause.name === 'NotPermittedError')
    return new TRPCError({ code: 'FORBIDDEN', message: cause.message, cause });
  return null;
}

export function kafkaErrorData(cause: unknown): KafkaErrorData | null {
  if (!isClusterError(cause)) return null;
  return { code: cause.code, advice: adviceOf(cause), tries: cause.tries, told: toldTrouble(cause) };
}

/** One field that could not be taken; `message` is a code of our schemas, or zod's words. */
export interface InputIssue {
  readonly path: string;
  readonly message: string;
}

/** What was wrong with the input, field by field; null when the input was not the fault. */
export function inputIssues(cause: unknown): readonly InputIssue[] | null {
  return cause instanceof ZodError ? cause.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) : null;
}
