// What a person typed, as the bytes that are sent.

import type { ProduceInput } from '#server/cluster/port.ts';

type TypedField = { readonly encoding: 'text'; readonly text: string } | { readonly encoding: 'base64'; readonly base64: string } | null;

export interface TypedRecord extends Omit<ProduceInput, 'key' | 'value' | 'headers'> {
  readonly key: TypedField;
  readonly value: TypedField;
  readonly headers: readonly { readonly key: string; readonly value: TypedField }[];
}

export function toProduceInput(typed: TypedRecord): ProduceInput {
  return {
    topic: typed.topic,
    partition: typed.partition,
    key: toBytes(typed.key),
    value: toBytes(typed.value),
    headers: typed.headers.map((header) => ({ key: header.key, value: toBytes(header.value) })),
    timestampMs: typed.timestampMs,
  };
}

function toBytes(field: TypedField): Uint8Array | null {
  if (field === null) return null;
  return field.encoding === 'text' ? Buffer.from(field.text, 'utf8') : Buffer.from(field.base64, 'base64');
}
