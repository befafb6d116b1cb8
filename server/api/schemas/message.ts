// Inputs for reading and producing records. Shared with forms.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';
import { offsetSchema, partitionSchema, topicNameSchema } from './topic.ts';
import { utf8Text } from './text.ts';

export const maxReadLimit = 1_000;
export const maxReadFieldBytes = 1_048_576;

export const readPositionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('newest') }),
  z.object({ kind: z.literal('oldest') }),
  z.object({ kind: z.literal('offset'), offset: offsetSchema }),
  z.object({ kind: z.literal('timestamp'), timestampMs: z.number().int().nonnegative() }),
]);

export const readMessagesSchema = clusterScope.extend({
  topic: topicNameSchema,
  partitions: z.array(partitionSchema).min(1).max(1_000).nullable().default(null),
  from: readPositionSchema,
  limit: z.number().int().min(1).max(maxReadLimit).default(50),
  maxFieldBytes: z.number().int().min(0).max(maxReadFieldBytes).default(4_096),
});

/** A field as a person gives it; null is Kafka's null, which is a tombstone in the value's place. */
export const fieldSchema = z
  .discriminatedUnion('encoding', [
    z.object({ encoding: z.literal('text'), text: utf8Text(10_000_000) }),
    z.object({ encoding: z.literal('base64'), base64: z.base64().max(14_000_000) }),
  ])
  .nullable();
export type FieldInput = z.infer<typeof fieldSchema>;

export const produceMessageSchema = clusterScope.extend({
  topic: topicNameSchema,
  partition: partitionSchema.nullable().default(null),
  key: fieldSchema,
  value: fieldSchema,
  headers: z
    .array(z.object({ key: utf8Text(10_000), value: fieldSchema }))
    .max(1_000)
    .default([]),
  timestampMs: z.bigint().min(0n).max(9_223_372_036_854_775_807n).nullable().default(null),
});
