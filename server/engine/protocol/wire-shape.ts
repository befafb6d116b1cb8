// Facts about a schema at one version that both codec directions need: which fields stand in their
// place, which are tagged, and how few bytes a value can take.

import { includesVersion } from './versions.ts';
import type { FieldSchema, Fields, FieldType } from './schema.ts';

/** The version being coded, and whether it is a flexible one. */
export interface WireVersion {
  readonly version: number;
  readonly flexible: boolean;
}

export type NamedField = readonly [name: string, field: FieldSchema];

export function isPresentIn(field: FieldSchema, version: number): boolean {
  return includesVersion(field.versions, version);
}

export function isNullableIn(field: FieldSchema, version: number): boolean {
  return includesVersion(field.nullable, version);
}

/** The fields that stand in their place, in wire order. */
export function placedFields(fields: Fields, wire: WireVersion): readonly NamedField[] {
  return Object.entries(fields).filter(([, field]) => field.tag === undefined && isPresentIn(field, wire.version));
}

/** The tagged fields by ascending tag, the order in which they must be written. */
export function taggedFields(fields: Fields, wire: WireVersion): readonly NamedField[] {
  if (!wire.flexible) return [];
  return Object.entries(fields)
    .filter(([, field]) => field.tag !== undefined && isPresentIn(field, wire.version))
    .sort(([, left], [, right]) => (left.tag ?? 0) - (right.tag ?? 0));
}

/** The fewest bytes an array element can take: what an announced count is held against. */
export function minElementBytes(type: FieldType, wire: WireVersion): number {
  switch (type.kind) {
    case 'bool':
    case 'int8':
      return 1;
    case 'int16':
    case 'uint16':
      return 2;
    case 'int32':
    case 'uint32':
      return 4;
    case 'int64':
    case 'int64Exact':
    case 'float64':
      return 8;
    case 'uuid':
      return 16;
    case 'string':
      return wire.flexible ? 1 : 2;
    case 'bytes':
    case 'records':
    case 'array':
      return wire.flexible ? 1 : 4;
    case 'struct':
      return minStructBytes(type.fields, wire);
  }
}

function minStructBytes(fields: Fields, wire: WireVersion): number {
  let size = wire.flexible ? 1 : 0;
  for (const [, field] of placedFields(fields, wire)) {
    // A nullable struct may be one presence byte.
    const mayBeAbsent = field.type.kind === 'struct' && isNullableIn(field, wire.version);
    size += mayBeAbsent ? 1 : minElementBytes(field.type, wire);
  }
  return size;
}

/** Whether a decoded value holds views of the bytes it was read from; everything but bytes and records is copied out. */
export function borrowsFrame(fields: Fields): boolean {
  return Object.values(fields).some(({ type }) => isBorrowed(type));
}

function isBorrowed(type: FieldType): boolean {
  switch (type.kind) {
    case 'bytes':
    case 'records':
      return true;
    case 'array':
      return isBorrowed(type.element);
    case 'struct':
      return borrowsFrame(type.fields);
    default:
      return false;
  }
}
