// Random values of any schema at any version, as decoding would give them: fields that the version lacks hold
// their defaults. Bounds are small, so that a few runs of every API and version stay cheap.

import * as fc from 'fast-check';
import { uuidFromBytes } from '#engine/bytes/uuid.ts';
import { defaultValue } from '../default-values.ts';
import type { FieldSchema, Fields, FieldType, Message, PrimitiveKind } from '../schema.ts';
import { includesVersion } from '../versions.ts';
import { isNullableIn, isPresentIn, type WireVersion } from '../wire-shape.ts';

export interface ArbitraryOptions {
  /** Leaves tagged fields at their defaults. */
  readonly withoutTagged?: boolean;
  /** Leaves records fields empty: for codecs that look into batches. */
  readonly withoutRecords?: boolean;
}

interface Draw extends WireVersion {
  readonly options: ArbitraryOptions;
}

export function arbitraryMessage(message: Message, version: number, options: ArbitraryOptions = {}): fc.Arbitrary<Record<string, unknown>> {
  return arbitraryStruct(message.fields, { version, flexible: includesVersion(message.flexible, version), options });
}

/** All (message, version) pairs of a list of messages. */
export function everyVersion(messages: readonly Message[]): [name: string, message: Message, version: number][] {
  return messages.flatMap((message) => {
    const { min, max } = message.versions;
    return Array.from({ length: max - min + 1 }, (_, step): [string, Message, number] => [
      `${message.name} v${min + step}`,
      message,
      min + step,
    ]);
  });
}

function arbitraryStruct(fields: Fields, draw: Draw): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, arbitraryField(field, draw)])));
}

function arbitraryField(field: FieldSchema, draw: Draw): fc.Arbitrary<unknown> {
  const isLeftOut =
    !isPresentIn(field, draw.version) ||
    (draw.options.withoutTagged === true && field.tag !== undefined) ||
    (draw.options.withoutRecords === true && field.type.kind === 'records');
  if (isLeftOut) return fc.constant(defaultValue(field));
  const present =
    field.tag === undefined
      ? arbitraryValue(field.type, draw)
      : fc.oneof(fc.constant(defaultValue(field)), arbitraryValue(field.type, draw));
  return isNullableIn(field, draw.version) ? fc.option(present, { freq: 4 }) : present;
}

function arbitraryValue(type: FieldType, draw: Draw): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'array':
      return fc.array(arbitraryValue(type.element, draw), { maxLength: 3 });
    case 'struct':
      return arbitraryStruct(type.fields, draw);
    default:
      return arbitraryPrimitive(type.kind);
  }
}

function arbitraryPrimitive(kind: PrimitiveKind): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'bool':
      return fc.boolean();
    case 'int8':
      return fc.integer({ min: -0x80, max: 0x7f });
    case 'int16':
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case 'uint16':
      return fc.integer({ min: 0, max: 0xffff });
    case 'int32':
      return fc.integer();
    case 'uint32':
      return fc.integer({ min: 0, max: 0xffff_ffff });
    case 'int64':
      return fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER));
    case 'int64Exact':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case 'float64':
      return fc.double({ noNaN: true });
    case 'uuid':
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map(uuidFromBytes);
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 40 });
    case 'bytes':
    case 'records':
      return fc.oneof({ weight: 6, arbitrary: fc.uint8Array({ maxLength: 40 }) }, fc.uint8Array({ minLength: 1020, maxLength: 1030 }));
  }
}
