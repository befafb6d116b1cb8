// What stands before every body. Three facts to remember: request headers keep the old form of the
// client id even when they are flexible, so that any version can be read; a response header is flexible
// when its body is; and ApiVersions alone always answers with the oldest header, because a client asks
// it before it knows what the broker speaks.

import { DecodeError } from '#engine/bytes/errors.ts';
import { Reader } from '#engine/bytes/reader.ts';
import { Writer } from '#engine/bytes/writer.ts';
import { encoderOf, decoderOf } from './compile.ts';
import { finishFrame, frameLengthBytes } from './frame.ts';
import { defineMessage, int16, int32, string, type Api, type RequestInput, type ResponseInput, type ResponseOf } from './schema.ts';
import { includesVersion } from './versions.ts';

const apiVersionsKey = 18;
const requestStartBytes = 8;

/** Declared for the oracle tests and for peers that want the typed form; the hot path reads it by hand. */
export const requestHeader = defineMessage({
  name: 'RequestHeader',
  versions: '1-2',
  flexible: '2+',
  fields: {
    requestApiKey: int16(),
    requestApiVersion: int16(),
    correlationId: int32(),
    clientId: string({ nullable: '1+', compact: false }),
  },
});

export const responseHeader = defineMessage({
  name: 'ResponseHeader',
  versions: '0-1',
  flexible: '1+',
  fields: { correlationId: int32() },
});

/** What the first eight bytes of a request tell, whatever its key and version. */
export interface RequestStart {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
}

export interface RequestHeader extends RequestStart {
  readonly clientId: string | null;
  readonly bodyAt: number;
}

export function requestHeaderVersion(api: Api, version: number): number {
  return includesVersion(api.flexible, version) ? 2 : 1;
}

export function responseHeaderVersion(api: Api, version: number): number {
  return api.key !== apiVersionsKey && includesVersion(api.flexible, version) ? 1 : 0;
}

/** Reads the start of any request, of a known key or not; undefined when the frame is too short for one. */
export function peekRequest(bytes: Uint8Array, offset = 0): RequestStart | undefined {
  if (bytes.length - offset < requestStartBytes) return undefined;
  const reader = new Reader(bytes, offset);
  return { apiKey: reader.int16(), apiVersion: reader.int16(), correlationId: reader.int32() };
}

/** The client id of any request, of a known version or not; '' where it has none or its bytes are no request. */
export function peekClientId(bytes: Uint8Array): string {
  try {
    return new Reader(bytes, requestStartBytes).nullableString(false) ?? '';
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return '';
  }
}

/** Reads the whole header of a request for `api`, in a version that it has. Throws DecodeError. */
export function decodeRequestHeader(api: Api, bytes: Uint8Array, offset = 0): RequestHeader {
  const reader = new Reader(bytes, offset);
  const apiKey = reader.int16();
  const apiVersion = reader.int16();
  const correlationId = reader.int32();
  const clientId = reader.nullableString(false);
  if (requestHeaderVersion(api, apiVersion) === 2) reader.skipTags();
  return { apiKey, apiVersion, correlationId, clientId, bodyAt: reader.position };
}

/** The first field of every response, whatever its header's version. */
export function responseCorrelationId(bytes: Uint8Array, offset = 0): number {
  return new Reader(bytes, offset).int32();
}

/** Decodes a whole response frame: header and body, without the length prefix. */
export function decodeResponseFrame<A extends Api>(api: A, version: number, frame: Uint8Array): ResponseOf<A> {
  const reader = new Reader(frame);
  reader.int32();
  if (responseHeaderVersion(api, version) === 1) reader.skipTags();
  return decoderOf(api.response, version)(reader) as ResponseOf<A>;
}

export interface RequestEnvelope {
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

/** A whole request frame, length prefix included, ready for the socket. */
export function encodeRequestFrame<A extends Api>(api: A, envelope: RequestEnvelope, value: RequestInput<A>): Uint8Array[] {
  const { version, correlationId, clientId } = envelope;
  const encode = encoderOf(api.request, version);
  const writer = newFrameWriter();
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(correlationId);
  writer.nullableString(clientId, false);
  if (requestHeaderVersion(api, version) === 2) writer.uvarint(0);
  encode(writer, value);
  return finishFrame(writer);
}

/** A whole response frame, length prefix included; fetched batches are in it by reference. */
export function encodeResponseFrame<A extends Api>(
  api: A,
  envelope: { readonly version: number; readonly correlationId: number },
  value: ResponseInput<A>,
): Uint8Array[] {
  const { version, correlationId } = envelope;
  const encode = encoderOf(api.response, version);
  const writer = newFrameWriter();
  writeResponseHeader(writer, responseHeaderVersion(api, version), correlationId);
  encode(writer, value);
  return finishFrame(writer);
}

/** The response header alone, without a length prefix. */
export function encodeResponseHeader(api: Api, version: number, correlationId: number): Uint8Array {
  const writer = new Writer(frameLengthBytes + 1);
  writeResponseHeader(writer, responseHeaderVersion(api, version), correlationId);
  return writer.finishWhole();
}

function writeResponseHeader(writer: Writer, headerVersion: number, correlationId: number): void {
  writer.int32(correlationId);
  if (headerVersion === 1) writer.uvarint(0);
}

function newFrameWriter(): Writer {
  const writer = new Writer();
  for (let index = 0; index < frameLengthBytes; index++) writer.int8(0);
  return writer;
}
