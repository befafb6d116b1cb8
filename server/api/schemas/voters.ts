// Inputs about the quorum's voters. Shared with forms.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';

export const voterSchema = clusterScope.extend({ nodeId: z.number().int().min(0).max(2_147_483_647) });
