// Inputs of the demo traffic panel. Shared with forms. The bounds keep it a demonstration: clients, brokers,
// console and browser share one machine.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';
import { topicNameSchema } from './topic.ts';

export const startDemoSchema = clusterScope.extend({
  topic: topicNameSchema.default('demo.orders'),
  partitions: z.number().int().min(1).max(60).default(6),
  producers: z.number().int().min(0).max(8).default(2),
  ratePerSecond: z.number().int().min(1).max(2_000).default(20),
  keyCount: z.number().int().min(1).max(1_000_000).default(24),
  valueBytes: z.number().int().min(16).max(65_536).default(120),
  groupId: z.string().min(1).max(255).default('demo-readers'),
  consumers: z.number().int().min(0).max(8).default(3),
});
