// What the decoder and the encoder compilers share: the functions written so far, the values that the
// source refers to, and how a default value is spelled.

import { assert } from '#engine/base/assert.ts';
import { defaultValue } from './default-values.ts';
import type { FieldSchema, Message } from './schema.ts';
import { includesVersion } from './versions.ts';
import type { WireVersion } from './wire-shape.ts';

export interface Build {
  readonly wire: WireVersion;
  readonly functions: string[];
  readonly constants: unknown[];
}

export function newBuild(message: Message, version: number): Build {
  return { wire: { version, flexible: includesVersion(message.flexible, version) }, functions: [], constants: [] };
}

/** Adds a function to the source under construction; returns the name it got. */
export function addFunction(build: Build, parameters: string, body: string): string {
  const name = `part${build.functions.length}`;
  build.functions.push(`function ${name}(${parameters}) {\n${body}\n}`);
  return name;
}

/** A field's default as source: small values in place, objects through the constants. */
export function defaultLiteral(build: Build, field: FieldSchema): string {
  const value = defaultValue(field);
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'boolean':
      return String(value);
    case 'bigint':
      return `${value}n`;
    default:
      return value === null ? 'null' : constant(build, value);
  }
}

/** An expression for a value that source can't spell. */
export function constant(build: Build, value: unknown): string {
  const known = build.constants.indexOf(value);
  return `constants[${known >= 0 ? known : build.constants.push(value) - 1}]`;
}

/** The local variable of a field: prefixed, so that a field may be called `default`. */
export function local(name: string): string {
  // Names become source: this is what keeps everything but plain identifiers out of it.
  assert(/^[a-z][A-Za-z0-9]*$/.test(name), `not a field name: ${name}`);
  return `$${name}`;
}

/** The whole source of one codec, named so that profiles and stack traces can be read. */
export function finishSource(build: Build, root: string, label: string): string {
  return `'use strict';\n${build.functions.join('\n')}\nreturn ${root};\n//# sourceURL=${label}.js`;
}
