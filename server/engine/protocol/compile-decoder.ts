// Writes the JavaScript of a decoder for one message at one version: straight-line calls to Reader, one
// function a struct, an object literal with all fields in schema order (so that every version of a
// message yields the same hidden class). Only names from our own schemas enter the source.

import { assert } from '#engine/base/assert.ts';
import type { Reader } from '#engine/bytes/reader.ts';
import { addFunction, constant, defaultLiteral, finishSource, local, newBuild, type Build } from './codegen.ts';
import { emptyArray } from './default-values.ts';
import type { FieldSchema, Fields, FieldType, Message } from './schema.ts';
import { isNullableIn, isPresentIn, minElementBytes, placedFields, taggedFields, type NamedField } from './wire-shape.ts';

export type Decoder = (reader: Reader) => unknown;

export function compileDecoder(message: Message, version: number): Decoder {
  const build = newBuild(message, version);
  const root = writeStruct(build, message.fields);
  const source = finishSource(build, root, `decode-${message.name}-v${version}`);
  // The source is built from our own schemas alone; nothing that came over the wire gets into it.
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function('constants', source)(build.constants) as Decoder;
}

/** Writes the function that reads one struct and returns its name. */
function writeStruct(build: Build, fields: Fields): string {
  const lines: string[] = [];
  for (const [name, field] of placedFields(fields, build.wire)) {
    lines.push(`const ${local(name)} = ${readField(build, name, field)};`);
  }
  const tagged = taggedFields(fields, build.wire);
  lines.push(...writeTags(build, tagged));
  const members = Object.entries(fields).map(([name, field]) =>
    isPresentIn(field, build.wire.version) ? `${name}: ${local(name)}` : `${name}: ${defaultLiteral(build, field)}`,
  );
  return addFunction(build, 'r', `${lines.join('\n')}\nreturn { ${members.join(', ')} };`);
}

function writeTags(build: Build, tagged: readonly NamedField[]): string[] {
  if (!build.wire.flexible) return [];
  if (tagged.length === 0) return ['r.skipTags();'];
  const cases = tagged.map(
    ([name, field]) => `case ${field.tag}: ${local(name)} = ${readField(build, name, field)}; r.endTag(end); break;`,
  );
  return [
    ...tagged.map(([name, field]) => `let ${local(name)} = ${defaultLiteral(build, field)};`),
    'for (let tags = r.uvarint(); tags > 0; tags--) {',
    'const tag = r.uvarint(); const end = r.tagEnd();',
    `switch (tag) { ${cases.join(' ')} default: r.seek(end); }`,
    '}',
  ];
}

/** The expression that reads one field. */
function readField(build: Build, name: string, field: FieldSchema): string {
  const nullable = isNullableIn(field, build.wire.version);
  const compact = build.wire.flexible && field.compact;
  switch (field.type.kind) {
    case 'string':
      return `r.${nullable ? 'nullableString' : 'string'}(${compact})`;
    case 'bytes':
    case 'records':
      return `r.${nullable ? 'nullableBytes' : 'bytes'}(${compact})`;
    case 'array':
      return `${writeArray(build, name, { element: field.type.element, nullable })}(r)`;
    case 'struct': {
      const read = `${writeStruct(build, field.type.fields)}(r)`;
      return nullable ? `(r.isPresent(${field.tag !== undefined}) ? ${read} : null)` : read;
    }
    default:
      return `r.${field.type.kind}()`;
  }
}

function writeArray(build: Build, name: string, array: { readonly element: FieldType; readonly nullable: boolean }): string {
  const element = readElement(build, array.element);
  const minBytes = Math.max(1, minElementBytes(array.element, build.wire));
  const empty = constant(build, emptyArray);
  const whenNull = array.nullable ? 'return null' : `r.fail('unexpected-null', 'the array ${name} is null')`;
  return addFunction(
    build,
    'r',
    `
const count = r.arrayLength(${build.wire.flexible}, ${minBytes});
if (count <= 0) { if (count < 0) ${whenNull}; return ${empty}; }
const elements = new Array(count);
for (let index = 0; index < count; index++) elements[index] = ${element};
return elements;`,
  );
}

function readElement(build: Build, type: FieldType): string {
  switch (type.kind) {
    case 'struct':
      return `${writeStruct(build, type.fields)}(r)`;
    case 'string':
    case 'bytes':
    case 'records':
      return `r.${type.kind === 'string' ? 'string' : 'bytes'}(${build.wire.flexible})`;
    default:
      assert(type.kind !== 'array', 'the protocol has no array of arrays');
      return `r.${type.kind}()`;
  }
}
