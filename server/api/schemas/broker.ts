// Inputs about brokers.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';

export const brokerScope = clusterScope.extend({ brokerId: z.number().int().min(0).max(2_147_483_647) });
