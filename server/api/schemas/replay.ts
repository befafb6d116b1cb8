// Inputs for replays. Shared with forms.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';
import { offsetSchema, partitionSchema, topicNameSchema } from './topic.ts';

export const maxPickedRecords = 10_000;

const pickedSchema = z.object({
  kind: z.literal('picked'),
  topic: topicNameSchema,
  records: z
    .array(z.object({ partition: partitionSchema, offset: offsetSchema }))
    .min(1)
    .max(maxPickedRecords),
});

const rangeSchema = z
  .object({ partition: partitionSchema, fromOffset: offsetSchema.nullable(), toOffset: offsetSchema.nullable() })
  .refine((range) => range.fromOffset === null || range.toOffset === null || range.fromOffset < range.toOffset, { error: 'range-empty' });

const rangesSchema = z
  .object({ kind: z.literal('ranges'), topic: topicNameSchema, ranges: z.array(rangeSchema).min(1).max(10_000) })
  .refine((source) => new Set(source.ranges.map((range) => range.partition)).size === source.ranges.length, { error: 'range-twice' });

const sourceSchema = z.discriminatedUnion('kind', [pickedSchema, rangesSchema]);

export const replayCountSchema = clusterScope.extend({ source: sourceSchema });

export const replayRequestSchema = clusterScope.extend({
  source: sourceSchema,
  target: z.object({
    clusterId: z.string().min(1).max(64).nullable().default(null),
    topic: topicNameSchema,
    keepPartitions: z.boolean().default(false),
    keepTimestamps: z.boolean().default(true),
  }),
});

export const replayJobSchema = clusterScope.extend({ id: z.string().min(1).max(64) });

export const replayMappingSchema = replayJobSchema.extend({
  skip: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(5_000).default(500),
});
