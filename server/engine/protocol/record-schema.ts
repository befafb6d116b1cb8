// Schemas of the records in Kafka's own logs, and the three ways in which Kafka frames them: a metadata
// record carries frame version, type and version as varints; a coordinator's key carries its type and its
// value its version, as int16; everything else that is versioned carries just the version.

import { DecodeError } from '#engine/bytes/errors.ts';
import { Reader } from '#engine/bytes/reader.ts';
import { Writer } from '#engine/bytes/writer.ts';
import { decoderOf, encoderOf } from './compile.ts';
import { defineMessage, type DecodedMessage, type Fields, type InputMessage, type Message } from './schema.ts';
import type { VersionText } from './versions.ts';

/** A record with the number that tells it apart from the other records of its log. */
export interface RecordSchema<F extends Fields = Fields> extends Message<F> {
  readonly type: number;
}

export function defineRecord<const F extends Fields>(options: {
  readonly type: number;
  readonly name: string;
  readonly versions: VersionText;
  readonly flexible: VersionText;
  readonly fields: F;
}): RecordSchema<F> {
  return { ...defineMessage(options), type: options.type };
}

/** The body with its version in front, as int16. */
export function encodeVersioned<M extends Message>(schema: M, version: number, value: InputMessage<M>): Uint8Array {
  return encodePrefixed(schema, { prefix: version, version }, value);
}

/** Reads a version-prefixed body that must fill `bytes` exactly. */
export function decodeVersioned<M extends Message>(
  schema: M,
  bytes: Uint8Array,
): { readonly version: number; readonly value: DecodedMessage<M> } {
  const reader = new Reader(bytes);
  const version = reader.int16();
  const value = decoderOf(schema, version)(reader) as DecodedMessage<M>;
  reader.expectEnd();
  return { version, value };
}

/** A coordinator record's key: its type where other bodies have their version. Keys never change version. */
export function encodeRecordKey<R extends RecordSchema>(schema: R, value: InputMessage<R>): Uint8Array {
  return encodePrefixed(schema, { prefix: schema.type, version: 0 }, value);
}

/** The type in front of a coordinator record's key. */
export function recordKeyType(bytes: Uint8Array): number {
  return new Reader(bytes).int16();
}

export function decodeRecordKey<R extends RecordSchema>(schema: R, bytes: Uint8Array): DecodedMessage<R> {
  const reader = new Reader(bytes);
  const type = reader.int16();
  if (type !== schema.type) throw new DecodeError('unsupported', 0, `a key of type ${type} is no ${schema.name}`);
  const value = decoderOf(schema, 0)(reader) as DecodedMessage<R>;
  reader.expectEnd();
  return value;
}

function encodePrefixed(schema: Message, head: { readonly prefix: number; readonly version: number }, value: unknown): Uint8Array {
  const encode = encoderOf(schema, head.version);
  const writer = new Writer();
  writer.int16(head.prefix);
  encode(writer, value);
  return writer.finishWhole();
}
