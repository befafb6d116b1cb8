// Typed entry to the compiled codecs: bodies of requests and responses, and whole records.

import { Reader } from '#engine/bytes/reader.ts';
import { Writer } from '#engine/bytes/writer.ts';
import { decoderOf, encoderOf } from './compile.ts';
import type { Api, DecodedMessage, InputMessage, Message, RequestInput, RequestOf, ResponseInput, ResponseOf } from './schema.ts';

/**
 * Decodes a request body that starts at `offset`. Byte fields are views on `bytes`. Bytes behind the
 * body are left alone, as Kafka does. Throws DecodeError, and nothing else, whatever the bytes.
 */
// The offset spares the hot path a view of the frame behind its header.
// oxlint-disable-next-line max-params
export function decodeRequest<A extends Api>(api: A, version: number, bytes: Uint8Array, offset = 0): RequestOf<A> {
  return decoderOf(api.request, version)(new Reader(bytes, offset)) as RequestOf<A>;
}

/** Decodes a response body without its header. */
export function decodeResponse<A extends Api>(api: A, version: number, bytes: Uint8Array): ResponseOf<A> {
  return decoderOf(api.response, version)(new Reader(bytes)) as ResponseOf<A>;
}

/** Encodes a request body into chunks; large byte fields are among them by reference. */
export function encodeRequest<A extends Api>(api: A, version: number, value: RequestInput<A>): Uint8Array[] {
  return encodeChunks(api.request, version, value);
}

export function encodeResponse<A extends Api>(api: A, version: number, value: ResponseInput<A>): Uint8Array[] {
  return encodeChunks(api.response, version, value);
}

/** Decodes a record that must fill `bytes` exactly. */
export function decodeRecord<M extends Message>(message: M, version: number, bytes: Uint8Array): DecodedMessage<M> {
  const reader = new Reader(bytes);
  const value = decoderOf(message, version)(reader) as DecodedMessage<M>;
  reader.expectEnd();
  return value;
}

/** Encodes a record in one piece. */
export function encodeRecord<M extends Message>(message: M, version: number, value: InputMessage<M>): Uint8Array {
  const writer = new Writer();
  encoderOf(message, version)(writer, value);
  return writer.finishWhole();
}

function encodeChunks(message: Message, version: number, value: unknown): Uint8Array[] {
  const writer = new Writer();
  encoderOf(message, version)(writer, value);
  return writer.finish();
}
