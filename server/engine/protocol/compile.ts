// Compiled codecs, made on first use and kept: one decoder and one encoder for each (message, version).
// A broker only ever pays for the versions that its clients really speak.

import { DecodeError, EncodeError } from '#engine/bytes/errors.ts';
import { compileDecoder, type Decoder } from './compile-decoder.ts';
import { compileEncoder, type Encoder } from './compile-encoder.ts';
import type { Message } from './schema.ts';
import { includesVersion } from './versions.ts';

interface Compiled {
  readonly decoders: Decoder[];
  readonly encoders: Encoder[];
}

const compiled = new WeakMap<Message, Compiled>();

/** The decoder of `message` at `version`; throws DecodeError for a version that it doesn't have. */
export function decoderOf(message: Message, version: number): Decoder {
  const decoders = compiledOf(message).decoders;
  const known = decoders[version];
  if (known !== undefined) return known;
  if (!isVersionOf(message, version)) throw new DecodeError('unsupported', 0, `${message.name} has no version ${version}`);
  return (decoders[version] = compileDecoder(message, version));
}

/** The encoder of `message` at `version`; throws EncodeError for a version that it doesn't have. */
export function encoderOf(message: Message, version: number): Encoder {
  const encoders = compiledOf(message).encoders;
  const known = encoders[version];
  if (known !== undefined) return known;
  if (!isVersionOf(message, version)) throw new EncodeError(`${message.name} has no version ${version}`);
  return (encoders[version] = compileEncoder(message, version));
}

function isVersionOf(message: Message, version: number): boolean {
  return Number.isInteger(version) && includesVersion(message.versions, version);
}

function compiledOf(message: Message): Compiled {
  const known = compiled.get(message);
  if (known !== undefined) return known;
  const fresh: Compiled = { decoders: [], encoders: [] };
  compiled.set(message, fresh);
  return fresh;
}
