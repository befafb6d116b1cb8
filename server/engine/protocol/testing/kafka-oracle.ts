// Reads Apache Kafka's own message descriptions, which lie beside the repository on the machines where it is
// built, and flattens both them and our schemas into rows that can be compared. They are data for tests only.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultValue } from '../default-values.ts';
import type { FieldSchema, Fields, Message } from '../schema.ts';
import { includesVersion, noVersions, parseVersions, type VersionRange, type VersionText } from '../versions.ts';

const root = fileURLToPath(new URL('../../../../../shared/reference/', import.meta.url));
const messagesRoot = `${root}kafka-messages/`;

export const hasOracle = existsSync(messagesRoot);
export const whyNoOracle = "Apache Kafka's message descriptions (../shared/reference/kafka-messages) are not on this machine";

interface KafkaField {
  readonly name: string;
  readonly type: string;
  readonly versions?: VersionText;
  readonly taggedVersions?: VersionText;
  readonly nullableVersions?: VersionText;
  readonly tag?: number;
  readonly default?: unknown;
  readonly ignorable?: boolean | string;
  readonly fields?: readonly KafkaField[];
}

export interface KafkaMessage {
  readonly name: string;
  readonly type: string;
  readonly apiKey?: number;
  readonly listeners?: readonly string[];
  readonly validVersions: VersionText;
  readonly flexibleVersions?: VersionText;
  readonly fields?: readonly KafkaField[];
  readonly commonStructs?: readonly KafkaField[];
}

/** What one field is in one version; rows are compared as plain data. */
export interface Row {
  readonly path: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly tag: number | undefined;
  readonly default: string;
}

/** All descriptions by message name. */
export function readOracle(): ReadonlyMap<string, KafkaMessage> {
  const files = readdirSync(messagesRoot, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.json') && !file.startsWith('streams'),
  );
  return new Map(
    files.map((file) => {
      const message = JSON.parse(withoutComments(readFileSync(messagesRoot + file, 'utf8'))) as KafkaMessage;
      return [message.name, message];
    }),
  );
}

export function readErrorCodes(): readonly { readonly code: number; readonly name: string; readonly retriable: boolean }[] {
  return JSON.parse(readFileSync(`${root}error-codes.json`, 'utf8')) as never;
}

/** `key name min-max` as a real broker of 4.3.1 advertises them. */
export function readAdvertised(): readonly string[] {
  return readFileSync(`${root}api-versions.txt`, 'utf8')
    .split('\n')
    .filter((line) => /^\d/.test(line));
}

/** The fields that Kafka writes in `version`, in wire order, structs opened. */
export function kafkaRows(message: KafkaMessage, version: number): Row[] {
  const common = new Map((message.commonStructs ?? []).map((struct) => [struct.name, struct]));
  const open = (fields: readonly KafkaField[], prefix: string): Row[] =>
    fields.flatMap((field) => {
      if (!includesVersion(kafkaVersions(field), version)) return [];
      const path = prefix + lowerFirst(field.name);
      const element = field.type.trim().replace('[]', '');
      const inner = field.fields ?? common.get(element)?.fields;
      return [kafkaRow(field, path, { version, isStruct: inner !== undefined }), ...open(inner ?? [], `${path}.`)];
    });
  return open(message.fields ?? [], '');
}

function kafkaRow(field: KafkaField, path: string, at: { readonly version: number; readonly isStruct: boolean }): Row {
  const isArray = field.type.trim().startsWith('[]');
  const element = at.isStruct ? 'struct' : field.type.trim().replace('[]', '');
  return {
    path,
    type: isArray ? `array of ${element}` : element,
    nullable: includesVersion(kafkaRange(field.nullableVersions), at.version),
    tag: includesVersion(kafkaRange(field.taggedVersions), at.version) ? field.tag : undefined,
    default: kafkaDefault(field, isArray ? 'array' : element),
  };
}

/** The fields that our schema writes in `version`, in wire order, structs opened. */
export function ourRows(message: Message, version: number): Row[] {
  const open = (fields: Fields, prefix: string): Row[] =>
    Object.entries(fields).flatMap(([name, field]) => {
      if (!includesVersion(field.versions, version)) return [];
      const element = field.type.kind === 'array' ? field.type.element : field.type;
      const inner = element.kind === 'struct' ? open(element.fields, `${prefix}${name}.`) : [];
      return [ourRow(field, prefix + name, version), ...inner];
    });
  return open(message.fields, '');
}

function ourRow(field: FieldSchema, path: string, version: number): Row {
  const type = field.type.kind === 'array' ? `array of ${field.type.element.kind}` : field.type.kind;
  return {
    path,
    type: type.replace('int64Exact', 'int64'),
    nullable: includesVersion(field.nullable, version),
    tag: field.tag,
    default: ourDefault(field),
  };
}

/** Paths that encoding may drop, among the fields that some version of the message lacks. */
export function kafkaIgnorable(message: KafkaMessage): string[] {
  const common = new Map((message.commonStructs ?? []).map((struct) => [struct.name, struct]));
  const valid = parseVersions(message.validVersions);
  const open = (fields: readonly KafkaField[], parent: VersionRange, prefix: string): string[] =>
    fields.flatMap((field) => {
      const present = intersect(kafkaVersions(field), parent);
      if (present.min > present.max) return [];
      const path = prefix + lowerFirst(field.name);
      const inner = field.fields ?? common.get(field.type.trim().replace('[]', ''))?.fields ?? [];
      const isListed = String(field.ignorable) === 'true' && (present.min > parent.min || present.max < parent.max);
      return [...(isListed ? [path] : []), ...open(inner, present, `${path}.`)];
    });
  return open(message.fields ?? [], valid, '');
}

export function ourIgnorable(message: Message): string[] {
  const open = (fields: Fields, prefix: string): string[] =>
    Object.entries(fields).flatMap(([name, field]) => {
      const element = field.type.kind === 'array' ? field.type.element : field.type;
      const inner = element.kind === 'struct' ? open(element.fields, `${prefix}${name}.`) : [];
      return [...(field.ignorable ? [prefix + name] : []), ...inner];
    });
  return open(message.fields, '');
}

export function kafkaRange(text: VersionText | undefined): VersionRange {
  return text === undefined ? noVersions : parseVersions(text);
}

function kafkaVersions(field: KafkaField): VersionRange {
  return kafkaRange(field.versions ?? field.taggedVersions);
}

/**
 * Kafka's default as the text of a value: what it gives, or the type's own. Only the quoted "null" means null; a
 * bare null in its description is read by its generator as "no default given", and so its brokers behave.
 */
function kafkaDefault(field: KafkaField, kind: string): string {
  const given = field.default ?? undefined;
  if (given === 'null') return 'null';
  if (given === '9223372036854775807') return String(Number.MAX_SAFE_INTEGER);
  if (kind === 'array' || kind === 'struct') return kind;
  if (kind === 'string' || kind === 'bytes' || kind === 'records') return String(given ?? '');
  if (kind === 'bool') return String(given ?? 'false');
  if (kind === 'uuid') return 'AAAAAAAAAAAAAAAAAAAAAA';
  return String(Number(given ?? 0));
}

function ourDefault(field: FieldSchema): string {
  const value = defaultValue(field);
  if (value === null) return 'null';
  if (field.type.kind === 'array' || field.type.kind === 'struct') return field.type.kind;
  return value instanceof Uint8Array ? '' : String(value);
}

function intersect(left: VersionRange, right: VersionRange): VersionRange {
  return { min: Math.max(left.min, right.min), max: Math.min(left.max, right.max) };
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\/.*$/gm, '');
}
