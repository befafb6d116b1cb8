// Subscriptions and assignments of classic consumers, as they stand in JoinGroup and SyncGroup. Members may be
// newer than we are: Kafka promises that later versions only add fields at the end, so a newer version is read
// as the newest one known and what follows is left alone.

import { DecodeError } from '#engine/bytes/errors.ts';
import { Reader } from '#engine/bytes/reader.ts';
import { decoderOf } from '../compile.ts';
import { encodeVersioned } from '../record-schema.ts';
import type { DecodedMessage, InputMessage, Message } from '../schema.ts';
import { consumerProtocolAssignment, consumerProtocolSubscription } from './consumer-protocol-schemas.ts';

export type Subscription = DecodedMessage<typeof consumerProtocolSubscription>;
export type Assignment = DecodedMessage<typeof consumerProtocolAssignment>;

export function encodeSubscription(version: number, value: InputMessage<typeof consumerProtocolSubscription>): Uint8Array {
  return encodeVersioned(consumerProtocolSubscription, version, value);
}

export function decodeSubscription(bytes: Uint8Array): Subscription {
  return decodeLenient(consumerProtocolSubscription, bytes) as Subscription;
}

export function encodeAssignment(version: number, value: InputMessage<typeof consumerProtocolAssignment>): Uint8Array {
  return encodeVersioned(consumerProtocolAssignment, version, value);
}

export function decodeAssignment(bytes: Uint8Array): Assignment {
  return decodeLenient(consumerProtocolAssignment, bytes) as Assignment;
}

function decodeLenient(schema: Message, bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const version = reader.int16();
  if (version < 0) throw new DecodeError('unsupported', 0, `${schema.name} of version ${version}`);
  return decoderOf(schema, Math.min(version, schema.versions.max))(reader);
}
