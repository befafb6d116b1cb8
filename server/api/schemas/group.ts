// Inputs about consumer groups. Shared with forms.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';

export const groupScope = clusterScope.extend({ groupId: z.string().min(1).max(1_000) });
