// An independent codec (kafka-ts, from npm) against ours, over all APIs and versions that it has: it must write
// the very bytes that we write for a request, and read from our responses exactly the values that we put in.
// It has no encoder for tagged fields and builds record batches itself, so those stay empty here; the schema
// oracle and the round trips cover them. testing/kafka-ts-forms.ts holds the places where it wants other forms.

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c } from '#engine/bytes/crc32c.ts';
import { uuidToBytes } from '#engine/bytes/uuid.ts';
import { produceApi } from './apis/00-produce.ts';
import { apiByKey } from './apis/index.ts';
import { decodeRequest, encodeRequest, encodeResponse } from './codec.ts';
import { requestHeaderVersion, responseHeaderVersion } from './headers.ts';
import type { Api, FieldType, Fields, Message } from './schema.ts';
import { arbitraryMessage } from './testing/arbitrary.ts';
import { requestForms, responseForms, type Value } from './testing/kafka-ts-forms.ts';
import { includesVersion } from './versions.ts';
import { isNullableIn, placedFields, type WireVersion } from './wire-shape.ts';

interface Foreign {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly requestHeaderVersion: number;
  readonly responseHeaderVersion: number;
  readonly request: (encoder: ForeignEncoder, value: unknown) => unknown;
  readonly response: (decoder: object) => unknown;
}
interface ForeignEncoder {
  value(): Buffer;
}
interface ForeignDecoder {
  getOffset(): number;
}

const require = createRequire(import.meta.url);
const root = dirname(require.resolve('kafka-ts'));
// Its modules import each other in a circle, which only comes out right from the front door.
require('kafka-ts');
const { Encoder } = require(join(root, 'utils/encoder.js')) as { Encoder: new () => ForeignEncoder };
const { Decoder } = require(join(root, 'utils/decoder.js')) as { Decoder: new (bytes: Buffer) => ForeignDecoder & Record<string, unknown> };

const foreign: readonly [name: string, codec: Foreign, api: Api][] = readdirSync(join(root, 'api'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((entry) =>
    readdirSync(join(root, 'api', entry.name))
      .filter((file) => /^v\d+\.js$/.test(file))
      .map((file) => join(root, 'api', entry.name, file)),
  )
  .map((file) => Object.values(require(file) as Record<string, Foreign>).find((value) => typeof value === 'object' && 'apiKey' in value)!)
  .map((codec) => [`${apiByKey(codec.apiKey)?.name} v${codec.apiVersion}`, codec, apiByKey(codec.apiKey)!]);

const runsEach = 4;
const same = (value: Value): Value => value;

/** Leaves of a value in wire order: what a reader must have read, lengths and presence bytes included. */
function leaves(message: Message, version: number, value: unknown): unknown[] {
  const wire = { version, flexible: includesVersion(message.flexible, version) };
  return leavesOfStruct(message.fields, value as Record<string, unknown>, wire);
}

function leavesOfStruct(fields: Fields, value: Record<string, unknown>, wire: WireVersion): unknown[] {
  const placed = placedFields(fields, wire).flatMap(([name, field]) => {
    const isNullableStruct = field.type.kind === 'struct' && isNullableIn(field, wire.version);
    if (isNullableStruct) return value[name] === null ? [-1] : [1, ...leavesOfValue(field.type, value[name], wire)];
    return leavesOfValue(field.type, value[name], wire);
  });
  return wire.flexible ? [...placed, 0] : placed;
}

function leavesOfValue(type: FieldType, value: unknown, wire: WireVersion): unknown[] {
  switch (type.kind) {
    case 'struct':
      return leavesOfStruct(type.fields, value as Record<string, unknown>, wire);
    case 'array': {
      const count = value === null ? -1 : (value as unknown[]).length;
      const elements = (value ?? []) as unknown[];
      return [wire.flexible ? count + 1 : count, ...elements.flatMap((element) => leavesOfValue(type.element, element, wire))];
    }
    case 'records':
      return [wire.flexible ? 1 : 0];
    default:
      return [comparable(value)];
  }
}

const longMax = 2n ** 63n - 1n;

/** Both sides' leaves in one form: big integers as safe numbers, bytes and ids as hexadecimal. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint')
    return value === longMax ? Number.MAX_SAFE_INTEGER : value === -longMax - 1n ? Number.MIN_SAFE_INTEGER : Number(value);
  if (typeof value === 'string' && /^[\w-]{21}[AQgw]$/.test(value)) return Buffer.from(uuidToBytes(value)).toString('hex');
  return Object.is(value, -0) ? 0 : value;
}

/** A kafka-ts decoder that writes down each primitive its caller reads. */
function traced(bytes: Buffer): { readonly decoder: ForeignDecoder; readonly trace: unknown[] } {
  const target = new Decoder(bytes);
  const trace: unknown[] = [];
  let depth = 0;
  const isPrimitive = (name: string | symbol): boolean =>
    typeof name === 'string' && /^read(U?Int|U?Var|Float|String|Compact(String|Bytes)|UUID|Boolean|Bytes)/.test(name);
  const decoder = new Proxy(target, {
    get(object, name, receiver) {
      const member: unknown = Reflect.get(object, name, receiver);
      if (typeof member !== 'function' || !isPrimitive(name)) return member;
      return () => {
        depth++;
        const value: unknown = Reflect.apply(member, receiver, []);
        depth--;
        if (depth === 0) trace.push(comparable(value));
        return value;
      };
    },
  });
  return { decoder, trace };
}

/** Our value as kafka-ts wants it: 64-bit integers as bigint, ids as hexadecimal. */
function toForeign(type: FieldType, value: unknown): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'int64':
      return value === Number.MAX_SAFE_INTEGER ? longMax : value === Number.MIN_SAFE_INTEGER ? -longMax - 1n : BigInt(value as number);
    case 'uuid':
      return Buffer.from(uuidToBytes(value as string)).toString('hex');
    case 'bytes':
      return Buffer.from(value as Uint8Array);
    case 'array':
      return (value as unknown[]).map((element) => toForeign(type.element, element));
    case 'struct':
      return Object.fromEntries(
        Object.entries(type.fields).map(([name, field]) => [name, toForeign(field.type, (value as Record<string, unknown>)[name])]),
      );
    default:
      return value;
  }
}

describe('kafka-ts', () => {
  test('brings the APIs that this comparison is about', () => {
    expect(new Set(foreign.map(([, codec]) => codec.apiKey)).size).toBeGreaterThanOrEqual(75);
    for (const [name, codec, api] of foreign) {
      expect(`${name} ${codec.requestHeaderVersion} ${codec.responseHeaderVersion}`).toBe(
        `${name} ${requestHeaderVersion(api, codec.apiVersion)} ${responseHeaderVersion(api, codec.apiVersion)}`,
      );
    }
  });

  test.each(foreign)('%s: writes the request as we do', (_, codec, api) => {
    const { narrow = same, toForeign: inItsForm = same } = requestForms[api.name] ?? {};
    fc.assert(
      fc.property(arbitraryMessage(api.request, codec.apiVersion, { withoutTagged: true, withoutRecords: true }), (drawn) => {
        const value = narrow(drawn, codec.apiVersion);
        const encoder = new Encoder();
        codec.request(encoder, inItsForm(toForeign({ kind: 'struct', fields: api.request.fields }, value) as Value, codec.apiVersion));
        const ours = Buffer.concat(encodeRequest(api, codec.apiVersion, value as never));
        expect(ours.toString('hex')).toBe(encoder.value().toString('hex'));
      }),
      { numRuns: runsEach },
    );
  });

  test.each(foreign)('%s: reads from our response what we put in', async (_, codec, api) => {
    const { narrow = same } = responseForms[api.name] ?? {};
    await fc.assert(
      fc.asyncProperty(arbitraryMessage(api.response, codec.apiVersion, { withoutTagged: true, withoutRecords: true }), async (drawn) => {
        const value = narrow(drawn, codec.apiVersion);
        const bytes = Buffer.concat(encodeResponse(api, codec.apiVersion, value as never));
        const { decoder, trace } = traced(bytes);
        // It throws when the answer holds an error code, but only after it has read all of it.
        await Promise.resolve()
          .then(() => codec.response(decoder))
          .catch((error: unknown) => {
            if (!(error as Error).constructor.name.startsWith('KafkaTS')) throw error;
          });
        expect(decoder.getOffset()).toBe(bytes.length);
        expect(trace).toEqual(leaves(api.response, codec.apiVersion, value));
      }),
      { numRuns: runsEach },
    );
  });

  test('builds a record batch whose bytes we hand on whole, with a checksum that we agree on', () => {
    const [, codec] = foreign.find(([name]) => name === 'Produce v9')!;
    const encoder = new Encoder();
    codec.request(encoder, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1000,
      topicData: [
        {
          name: 'topic',
          partitionData: [
            {
              index: 2,
              baseOffset: 0n,
              partitionLeaderEpoch: 0,
              attributes: 0,
              lastOffsetDelta: 0,
              baseTimestamp: 1_700_000_000_000n,
              maxTimestamp: 1_700_000_000_000n,
              producerId: -1n,
              producerEpoch: -1,
              baseSequence: -1,
              records: [{ attributes: 0, timestampDelta: 0n, offsetDelta: 0, key: 'key', value: 'value', headers: [] }],
            },
          ],
        },
      ],
    });
    const request = decodeRequest(produceApi, 9, encoder.value());
    const batch = Buffer.from(request.topicData[0]!.partitionData[0]!.records!);
    expect(batch.readInt32BE(8)).toBe(batch.length - 12);
    expect(batch.readUInt32BE(17)).toBe(crc32c(batch, 21));
  });
});
