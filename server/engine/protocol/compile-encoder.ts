// Writes the JavaScript of an encoder for one message at one version. A field that the version lacks is
// dropped when the schema calls it ignorable or when it holds its default, and throws otherwise: a value
// that silently vanishes is how an old client loses data.

import { EncodeError } from '#engine/bytes/errors.ts';
import { Writer } from '#engine/bytes/writer.ts';
import { addFunction, constant, defaultLiteral, finishSource, local, newBuild, type Build } from './codegen.ts';
import { isDefaultValue } from './default-values.ts';
import type { FieldSchema, Fields, FieldType, Message } from './schema.ts';
import { isNullableIn, isPresentIn, placedFields, taggedFields, type NamedField } from './wire-shape.ts';

export type Encoder = (writer: Writer, value: unknown) => void;

/** What the written source may call besides Writer. */
interface Support {
  readonly Writer: typeof Writer;
  readonly isDefault: typeof isDefaultValue;
  readonly refuseNull: (name: string) => never;
  readonly refuseAbsent: (name: string) => never;
}

const tagWriterBytes = 64;

export function compileEncoder(message: Message, version: number): Encoder {
  const build = newBuild(message, version);
  const root = writeStruct(build, message.fields);
  const source = finishSource(build, root, `encode-${message.name}-v${version}`);
  // The source is built from our own schemas alone; nothing that came over the wire gets into it.
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function('constants', 'support', source)(build.constants, supportFor(message, version)) as Encoder;
}

function supportFor(message: Message, version: number): Support {
  const where = `${message.name} version ${version}`;
  return {
    Writer,
    isDefault: isDefaultValue,
    refuseNull: (name) => {
      throw new EncodeError(`${name} is null, which ${where} can't say`);
    },
    refuseAbsent: (name) => {
      throw new EncodeError(`${name} is set, but ${where} has no such field`);
    },
  };
}

/** Writes the function that writes one struct and returns its name. */
function writeStruct(build: Build, fields: Fields): string {
  const lines: string[] = [];
  for (const [name, field] of Object.entries(fields)) lines.push(...guardAbsent(build, name, field));
  for (const [name, field] of placedFields(fields, build.wire)) {
    lines.push(bindValue(build, name, field), ...writeValue(build, [name, field], 'w'));
  }
  if (build.wire.flexible) lines.push(...writeTags(build, taggedFields(fields, build.wire)));
  return addFunction(build, 'w, x', lines.join('\n'));
}

function guardAbsent(build: Build, name: string, field: FieldSchema): string[] {
  if (field.ignorable || isPresentIn(field, build.wire.version)) return [];
  return [`if (!(${isDefaultTest(build, field, `x.${name}`)})) support.refuseAbsent('${name}');`];
}

/** An expression that is true when `value` may be left out; the fast form of isDefaultValue. */
function isDefaultTest(build: Build, field: FieldSchema, value: string): string {
  if (field.default === null) return `${value} === undefined || ${value} === null`;
  switch (field.type.kind) {
    case 'bytes':
    case 'records':
      return `support.isDefault(${constant(build, field)}, ${value})`;
    case 'array':
      return `${value} === undefined || (${value} !== null && ${value}.length === 0)`;
    case 'struct': {
      const fields = Object.entries(field.type.fields).map(([name, inner]) => `(${isDefaultTest(build, inner, `${value}.${name}`)})`);
      return `${value} === undefined || (${value} !== null && ${fields.join(' && ')})`;
    }
    default:
      return `${value} === undefined || ${value} === ${defaultLiteral(build, field)}`;
  }
}

function bindValue(build: Build, name: string, field: FieldSchema): string {
  return `const ${local(name)} = x.${name} === undefined ? ${defaultLiteral(build, field)} : x.${name};`;
}

function writeTags(build: Build, tagged: readonly NamedField[]): string[] {
  if (tagged.length === 0) return ['w.uvarint(0);'];
  const lines = ['let tags = 0;'];
  for (const [name, field] of tagged) {
    lines.push(bindValue(build, name, field));
    lines.push(`const has_${name} = !(${isDefaultTest(build, field, local(name))}); if (has_${name}) tags++;`);
  }
  lines.push('w.uvarint(tags);');
  for (const [name, field] of tagged) {
    lines.push(`if (has_${name}) { const inner = new support.Writer(${tagWriterBytes});`);
    lines.push(...writeValue(build, [name, field], 'inner'), `w.taggedField(${field.tag}, inner); }`);
  }
  return lines;
}

/** The statements that write the bound value of one field to the writer called `to`. */
function writeValue(build: Build, [name, field]: NamedField, to: 'w' | 'inner'): string[] {
  const value = local(name);
  const nullable = isNullableIn(field, build.wire.version);
  const compact = build.wire.flexible && field.compact;
  const guard = nullable || !canBeNull(field.type) ? [] : [`if (${value} === null) support.refuseNull('${name}');`];
  switch (field.type.kind) {
    case 'string':
      return [...guard, `${to}.${nullable ? 'nullableString' : 'string'}(${value}, ${compact});`];
    case 'bytes':
    case 'records':
      return [...guard, `${to}.${nullable ? 'nullableBytes' : 'bytes'}(${value}, ${compact});`];
    case 'array':
      return [...guard, `${writeArray(build, field.type.element)}(${to}, ${value});`];
    case 'struct': {
      const write = `${writeStruct(build, field.type.fields)}(${to}, ${value});`;
      const mark = `${to}.presence(${value} !== null, ${field.tag !== undefined});`;
      return nullable ? [mark, `if (${value} !== null) ${write}`] : [...guard, write];
    }
    default:
      return [`${to}.${field.type.kind}(${value});`];
  }
}

function canBeNull(type: FieldType): boolean {
  return type.kind === 'string' || type.kind === 'bytes' || type.kind === 'records' || type.kind === 'array' || type.kind === 'struct';
}

function writeArray(build: Build, element: FieldType): string {
  const write = writeElement(build, element);
  return addFunction(
    build,
    'w, elements',
    `
if (elements === null) { w.arrayLength(-1, ${build.wire.flexible}); return; }
w.arrayLength(elements.length, ${build.wire.flexible});
for (let index = 0; index < elements.length; index++) ${write}`,
  );
}

function writeElement(build: Build, type: FieldType): string {
  switch (type.kind) {
    case 'struct':
      return `${writeStruct(build, type.fields)}(w, elements[index]);`;
    case 'string':
    case 'bytes':
    case 'records':
      return `w.${type.kind === 'string' ? 'string' : 'bytes'}(elements[index], ${build.wire.flexible});`;
    default:
      return `w.${type.kind}(elements[index]);`;
  }
}
