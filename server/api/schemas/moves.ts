// Inputs about moving partitions. Shared with forms.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';
import { partitionSchema, topicNameSchema } from './topic.ts';

const maxAtOnce = 1_000;
const place = z.object({ topic: topicNameSchema, partition: partitionSchema });
const replicas = z
  .array(z.number().int().min(0).max(2_147_483_647))
  .min(1, { error: 'replicas-empty' })
  .max(100)
  .refine((ids) => new Set(ids).size === ids.length, { error: 'replica-twice' });

export const orderMovesSchema = clusterScope.extend({
  /** null replicas call a move off. */
  orders: z
    .array(place.extend({ replicas: replicas.nullable() }))
    .min(1)
    .max(maxAtOnce),
});

export const electPreferredSchema = clusterScope.extend({ partitions: z.array(place).min(1).max(maxAtOnce).nullable() });
