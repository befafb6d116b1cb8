// Inputs about topics, by Kafka's own rules for names. Shared with forms.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';
import { utf8Text } from './text.ts';

/** 1 to 249 of these characters, and not "." or "..". */
export const topicNameSchema = z
  .string()
  .min(1, { error: 'topic-name-empty' })
  .max(249, { error: 'topic-name-too-long' })
  .regex(/^[A-Za-z0-9._-]+$/, { error: 'topic-name-characters' })
  .refine((name) => name !== '.' && name !== '..', { error: 'topic-name-dots' });

export const partitionSchema = z.number().int().min(0).max(2_147_483_647);
export const offsetSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const topicScope = clusterScope.extend({ name: topicNameSchema });
export const partitionScope = topicScope.extend({ partition: partitionSchema });

export const createTopicSchema = topicScope.extend({
  /** -1 asks for the broker's default. */
  partitionCount: z
    .number()
    .int()
    .min(-1)
    .max(100_000)
    .refine((count) => count !== 0, { error: 'partition-count' })
    .default(-1),
  replicationFactor: z
    .number()
    .int()
    .min(-1)
    .max(32_767)
    .refine((factor) => factor !== 0, { error: 'replication-factor' })
    .default(-1),
  configs: z.record(z.string().min(1).max(200), utf8Text(20_000)).default({}),
  validateOnly: z.boolean().default(false),
});

export const addPartitionsSchema = topicScope.extend({ totalCount: z.number().int().min(2).max(100_000) });

export const alterTopicConfigSchema = topicScope.extend({
  key: z.string().min(1).max(200),
  /** null goes back to the default. */
  value: utf8Text(20_000).nullable(),
});

/** At most as many cuts as a topic has partitions on a screen; each partition once. */
export const deleteRecordsSchema = topicScope.extend({
  cuts: z
    .array(z.object({ partition: partitionSchema, beforeOffset: offsetSchema }))
    .min(1)
    .max(10_000)
    .refine((cuts) => new Set(cuts.map((cut) => cut.partition)).size === cuts.length, { error: 'partition-twice' }),
});
