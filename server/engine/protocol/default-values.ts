// What a field holds when it is absent. Shared, frozen values stand for empty arrays and defaulted
// structs, so that decoding an old version allocates nothing for the fields it lacks.

import type { FieldSchema, Fields, FieldType } from './schema.ts';

export const emptyArray: readonly never[] = Object.freeze([]);
const emptyBytes = new Uint8Array(0);
const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA';

/** The value of a field that a message leaves out. */
export function defaultValue(field: FieldSchema): unknown {
  return field.default === undefined ? zeroValue(field.type) : field.default;
}

/** Whether encoding may leave `value` out without losing anything. */
export function isDefaultValue(field: FieldSchema, value: unknown): boolean {
  if (value === undefined) return true;
  if (field.default !== undefined || value === null) return value === field.default;
  return isZeroValue(field.type, value);
}

function zeroValue(type: FieldType): unknown {
  switch (type.kind) {
    case 'bool':
      return false;
    case 'int64Exact':
      return 0n;
    case 'uuid':
      return zeroUuid;
    case 'string':
      return '';
    case 'bytes':
    case 'records':
      return emptyBytes;
    case 'array':
      return emptyArray;
    case 'struct':
      return zeroStruct(type.fields);
    default:
      return 0;
  }
}

function zeroStruct(fields: Fields): object {
  return Object.freeze(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, defaultValue(field)])));
}

function isZeroValue(type: FieldType, value: unknown): boolean {
  switch (type.kind) {
    case 'bytes':
    case 'records':
      return isEmptyBytes(value as Uint8Array | readonly Uint8Array[]);
    case 'array':
      return (value as readonly unknown[]).length === 0;
    case 'struct':
      return isDefaultStruct(type.fields, value as Readonly<Record<string, unknown>>);
    default:
      return value === zeroValue(type);
  }
}

function isEmptyBytes(value: Uint8Array | readonly Uint8Array[]): boolean {
  return value instanceof Uint8Array ? value.length === 0 : value.every((chunk) => chunk.length === 0);
}

function isDefaultStruct(fields: Fields, value: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(fields).every(([name, field]) => isDefaultValue(field, value[name]));
}
