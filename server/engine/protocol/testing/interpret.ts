// The codecs once more as a plain walk over the schema, slow and short enough to be read in a minute. The
// tests hold the compiled codecs against it, and the bench tells what compiling gains. No product code calls it.

import { Writer } from '#engine/bytes/writer.ts';
import type { Reader } from '#engine/bytes/reader.ts';
import { defaultValue, isDefaultValue } from '../default-values.ts';
import type { FieldSchema, Fields, FieldType, Message } from '../schema.ts';
import { includesVersion } from '../versions.ts';
import { isNullableIn, isPresentIn, minElementBytes, placedFields, taggedFields, type WireVersion } from '../wire-shape.ts';

type Struct = Record<string, unknown>;

export function interpretDecode(message: Message, version: number, reader: Reader): unknown {
  return readStruct(message.fields, reader, { version, flexible: includesVersion(message.flexible, version) });
}

export function interpretEncode(message: Message, version: number, value: unknown): Uint8Array {
  return encodeWith(message, { version, flexible: includesVersion(message.flexible, version) }, { value, unknownTag: undefined });
}

/** As a newer peer might write it: every struct, at every level, ends in a tagged field that nobody knows. */
export function interpretEncodeWithUnknownTags(message: Message, version: number, value: unknown): Uint8Array {
  return encodeWith(message, { version, flexible: includesVersion(message.flexible, version) }, { value, unknownTag: 9000 });
}

function encodeWith(
  message: Message,
  wire: WireVersion,
  given: { readonly value: unknown; readonly unknownTag: number | undefined },
): Uint8Array {
  const writer = new Writer();
  writeStruct(message.fields, given.value as Struct, { writer, wire, unknownTag: given.unknownTag });
  return writer.finishWhole();
}

function readStruct(fields: Fields, reader: Reader, wire: WireVersion): Struct {
  const value: Struct = {};
  for (const [name, field] of Object.entries(fields)) value[name] = defaultValue(field);
  for (const [name, field] of placedFields(fields, wire)) value[name] = readField(field, reader, wire);
  const tagged = taggedFields(fields, wire);
  for (let left = wire.flexible ? reader.uvarint() : 0; left > 0; left--) {
    const tag = reader.uvarint();
    const end = reader.tagEnd();
    const known = tagged.find(([, field]) => field.tag === tag);
    if (known === undefined) reader.seek(end);
    else value[known[0]] = readField(known[1], reader, wire);
    reader.endTag(end);
  }
  return value;
}

function readField(field: FieldSchema, reader: Reader, wire: WireVersion): unknown {
  const nullable = isNullableIn(field, wire.version);
  if (nullable && field.type.kind === 'struct' && !reader.isPresent(field.tag !== undefined)) return null;
  return readValue(field.type, reader, { ...wire, nullable, compact: wire.flexible && field.compact });
}

interface ValueWire extends WireVersion {
  readonly nullable: boolean;
  readonly compact: boolean;
}

function readValue(type: FieldType, reader: Reader, wire: ValueWire): unknown {
  switch (type.kind) {
    case 'string':
      return wire.nullable ? reader.nullableString(wire.compact) : reader.string(wire.compact);
    case 'bytes':
    case 'records':
      return wire.nullable ? reader.nullableBytes(wire.compact) : reader.bytes(wire.compact);
    case 'struct':
      return readStruct(type.fields, reader, wire);
    case 'array': {
      const count = reader.arrayLength(wire.compact, Math.max(1, minElementBytes(type.element, wire)));
      if (count < 0) return wire.nullable ? null : reader.fail('unexpected-null', 'an array is null');
      return Array.from({ length: count }, () => readValue(type.element, reader, { ...wire, nullable: false }));
    }
    default:
      return reader[type.kind]();
  }
}

interface Target {
  readonly writer: Writer;
  readonly wire: WireVersion;
  readonly unknownTag: number | undefined;
}

function writeStruct(fields: Fields, value: Struct, target: Target): void {
  const { writer, wire, unknownTag } = target;
  for (const [name, field] of Object.entries(fields)) {
    const isLost = !isPresentIn(field, wire.version) && !field.ignorable && !isDefaultValue(field, value[name]);
    if (isLost) throw new Error(`${name} is set`);
  }
  for (const [name, field] of placedFields(fields, wire)) writeField(field, value[name], target);
  if (!wire.flexible) return;
  const tagged = taggedFields(fields, wire).filter(([name, field]) => !isDefaultValue(field, value[name]));
  writer.uvarint(tagged.length + (unknownTag === undefined ? 0 : 1));
  for (const [name, field] of tagged) {
    const inner = new Writer();
    writeField(field, value[name], { ...target, writer: inner });
    writer.taggedField(field.tag ?? 0, inner);
  }
  if (unknownTag === undefined) return;
  writer.uvarint(unknownTag);
  writer.uvarint(3);
  writer.append(new Uint8Array([0xff, 0x00, 0x7f]));
}

function writeField(field: FieldSchema, given: unknown, target: Target): void {
  const value = given === undefined ? defaultValue(field) : given;
  const nullable = isNullableIn(field, target.wire.version);
  if (value === null && !nullable) throw new Error('null where a value is required');
  if (nullable && field.type.kind === 'struct') target.writer.presence(value !== null, field.tag !== undefined);
  if (value === null && field.type.kind === 'struct') return;
  writeValue(field.type, value, { ...target, compact: target.wire.flexible && field.compact });
}

function writeValue(type: FieldType, value: unknown, target: Target & { readonly compact: boolean }): void {
  const { writer, compact } = target;
  switch (type.kind) {
    case 'string':
      return writer.nullableString(value as string | null, compact);
    case 'bytes':
    case 'records':
      return writer.nullableBytes(value as Uint8Array | null, compact);
    case 'struct':
      return writeStruct(type.fields, value as Struct, target);
    case 'array':
      writer.arrayLength(value === null ? -1 : (value as readonly unknown[]).length, compact);
      for (const element of (value ?? []) as readonly unknown[]) writeValue(type.element, element, target);
      return;
    default:
      (writer[type.kind] as (given: unknown) => void).call(writer, value);
  }
}
