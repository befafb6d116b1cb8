// The builders that every message of the protocol is declared with. A schema is plain data, one shape
// for all versions of a message; the TypeScript types of its values are inferred from it. Two types
// come out: what decoding gives (every field present, defaults filled in) and what encoding takes
// (fields with a default, and fields that some versions lack, may be left out).

import { assert } from '#engine/base/assert.ts';
import type { Uuid } from '#engine/bytes/uuid.ts';
import { parseVersions, type VersionRange, type VersionText } from './versions.ts';

/** What Kafka writes as Long.MAX_VALUE; see decision 0002 on 64-bit integers as safe numbers. */
export const maxInt64 = Number.MAX_SAFE_INTEGER;

export type PrimitiveKind =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'int64Exact'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'records';

export type FieldType =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: 'array'; readonly element: FieldType }
  | { readonly kind: 'struct'; readonly fields: Fields };

export type DefaultValue = string | number | bigint | boolean | null;

/** One field as the codecs see it. */
export interface FieldSchema {
  readonly type: FieldType;
  readonly versions: VersionRange;
  /** The versions in which the value may be null. */
  readonly nullable: VersionRange;
  /** The number of a tagged field; undefined for a field with a fixed place. */
  readonly tag: number | undefined;
  /** Undefined means the type's own: zero, false, empty. */
  readonly default: DefaultValue | undefined;
  /** Encoding drops the value in versions that lack the field, where it would otherwise throw. */
  readonly ignorable: boolean;
  /** False for the one field (client id) that keeps its old form in flexible versions. */
  readonly compact: boolean;
}

declare const inferred: unique symbol;

/** A field with its inferred types; the symbol exists for the compiler only. */
export interface Field<Decoded, Input, IsOptional extends boolean> extends FieldSchema {
  readonly [inferred]?: { readonly decoded: Decoded; readonly input: Input; readonly isOptional: IsOptional };
}

type AnyField = Field<unknown, unknown, boolean>;
export interface Fields {
  readonly [name: string]: AnyField;
}

/** How a field is declared: just its versions, or those and more. Versions default to all. */
export type FieldSpec<Value> = VersionText | FieldOptions<Value>;
export interface FieldOptions<Value> {
  readonly versions?: VersionText;
  readonly nullable?: VersionText;
  readonly default?: Value | null;
  readonly tag?: number;
  readonly ignorable?: boolean;
  readonly compact?: false;
}

type OrNull<Value, Spec> = Spec extends { readonly nullable: string } ? Value | null : Value;
type IsOptional<Spec> = Spec extends string
  ? Spec extends '0+'
    ? false
    : true
  : Spec extends { readonly default: unknown }
    ? true
    : // Leaving it out would not mean null, as a caller would think: null must be said.
      Spec extends { readonly tag: number; readonly nullable: string }
      ? false
      : Spec extends { readonly tag: number }
        ? true
        : Spec extends { readonly versions: string }
          ? IsOptional<Spec['versions']>
          : false;

type Built<Decoded, Input, Spec> = Field<OrNull<Decoded, Spec>, OrNull<Input, Spec>, IsOptional<Spec>>;

export type Decoded<F> = F extends Field<infer D, unknown, boolean> ? D : never;
export type Input<F> = F extends Field<unknown, infer I, boolean> ? I : never;
type OptionalNames<F extends Fields> = { [K in keyof F]: F[K] extends Field<unknown, unknown, true> ? K : never }[keyof F];

export type DecodedStruct<F extends Fields> = { readonly [K in keyof F]: Decoded<F[K]> };
export type InputStruct<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalNames<F>>]: Input<F[K]> } & {
  readonly [K in OptionalNames<F>]?: Input<F[K]> | undefined;
};

// -- fields ------------------------------------------------------------------------------------------

export const bool = primitive<boolean>('bool');
export const int8 = primitive<number>('int8');
export const int16 = primitive<number>('int16');
export const uint16 = primitive<number>('uint16');
export const int32 = primitive<number>('int32');
export const uint32 = primitive<number>('uint32');
/** A 64-bit integer as a safe number: offsets, timestamps, ids. */
export const int64 = primitive<number>('int64');
/** A 64-bit integer whose every bit matters. */
export const int64Exact = primitive<bigint>('int64Exact');
export const float64 = primitive<number>('float64');
export const uuid = primitive<Uuid>('uuid');
export const string = primitive<string>('string');
/** Decodes to a view on the received frame; encodes from one piece or from a list of chunks. */
export const bytes = primitive<Uint8Array, Uint8Array | readonly Uint8Array[]>('bytes');
/** Record batches: like bytes, never copied and never looked into by the codec. */
export const records = primitive<Uint8Array, Uint8Array | readonly Uint8Array[]>('records');

type ElementDecoded<E> = E extends AnyField ? Decoded<E> : E extends Fields ? DecodedStruct<E> : never;
type ElementInput<E> = E extends AnyField ? Input<E> : E extends Fields ? InputStruct<E> : never;

/** An array of structs (given as their fields) or of primitives (given as `int32()`). */
export function array<const Spec extends FieldSpec<never>, const Element extends Fields | AnyField>(
  spec: Spec,
  element: Element,
): Built<readonly ElementDecoded<Element>[], readonly ElementInput<Element>[], Spec> {
  return toField(spec, { kind: 'array', element: isField(element) ? element.type : { kind: 'struct', fields: element } });
}

/** A struct in place. */
export function struct<const Spec extends FieldSpec<never>, const F extends Fields>(
  spec: Spec,
  fields: F,
): Built<DecodedStruct<F>, InputStruct<F>, Spec> {
  return toField(spec, { kind: 'struct', fields });
}

function primitive<Value, Given = Value>(kind: PrimitiveKind) {
  return <const Spec extends FieldSpec<Value> = '0+'>(spec?: Spec): Built<Value, Given, Spec> => toField(spec ?? '0+', { kind });
}

function toField<F extends AnyField>(spec: FieldSpec<unknown>, type: FieldType): F {
  const options = typeof spec === 'string' ? { versions: spec } : spec;
  const field: FieldSchema = {
    type,
    versions: parseVersions(options.versions ?? '0+'),
    nullable: parseVersions(options.nullable ?? 'none'),
    tag: options.tag,
    default: options.default as DefaultValue | undefined,
    ignorable: options.ignorable ?? false,
    compact: options.compact ?? true,
  };
  assert(field.default !== null || options.nullable !== undefined, 'a field that is null by default must be nullable');
  return field as F;
}

function isField(element: Fields | AnyField): element is AnyField {
  return typeof element['versions'] === 'object' && 'min' in element['versions'];
}

// -- messages and APIs -------------------------------------------------------------------------------

/** A whole message: a request or response body, a header, or a record of one of Kafka's own logs. */
export interface Message<F extends Fields = Fields> {
  readonly name: string;
  readonly versions: VersionRange;
  /** Versions with compact lengths and tagged fields (KIP-482). */
  readonly flexible: VersionRange;
  readonly fields: F;
}

export type DecodedMessage<M extends Message> = DecodedStruct<M['fields']>;
export type InputMessage<M extends Message> = InputStruct<M['fields']>;

export function defineMessage<const F extends Fields>(options: {
  readonly name: string;
  readonly versions: VersionText;
  readonly flexible: VersionText;
  readonly fields: F;
}): Message<F> {
  return {
    name: options.name,
    versions: parseVersions(options.versions),
    flexible: parseVersions(options.flexible),
    fields: options.fields,
  };
}

export type ListenerKind = 'broker' | 'controller';

/** One key of the protocol: its number, versions, and both directions. */
export interface Api<Request extends Fields = Fields, Response extends Fields = Fields> {
  readonly key: number;
  readonly name: string;
  /** Every version that the codec knows. */
  readonly versions: VersionRange;
  /** The range to advertise: without unstable versions, and with Kafka's own white lie for Produce. */
  readonly advertised: VersionRange;
  readonly flexible: VersionRange;
  readonly listeners: readonly ListenerKind[];
  readonly request: Message<Request>;
  readonly response: Message<Response>;
}

export type RequestOf<A extends Api> = DecodedMessage<A['request']>;
export type RequestInput<A extends Api> = InputMessage<A['request']>;
export type ResponseOf<A extends Api> = DecodedMessage<A['response']>;
export type ResponseInput<A extends Api> = InputMessage<A['response']>;

export interface ApiOptions<Request extends Fields, Response extends Fields> {
  readonly key: number;
  readonly name: string;
  readonly versions: VersionText;
  /** Only where it differs from `versions`. */
  readonly advertised?: VersionText;
  readonly flexible: VersionText;
  readonly listeners: readonly ListenerKind[];
  readonly request: Request;
  readonly response: Response;
}

export function defineApi<const Request extends Fields, const Response extends Fields>(
  options: ApiOptions<Request, Response>,
): Api<Request, Response> {
  const { key, name, versions, flexible, listeners } = options;
  return {
    key,
    name,
    listeners,
    versions: parseVersions(versions),
    advertised: parseVersions(options.advertised ?? versions),
    flexible: parseVersions(flexible),
    request: defineMessage({ name: `${name}Request`, versions, flexible, fields: options.request }),
    response: defineMessage({ name: `${name}Response`, versions, flexible, fields: options.response }),
  };
}
