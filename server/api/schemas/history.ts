// Inputs about moments that have passed. Shared with pages, so this file imports nothing but zod.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';

/** The record reaches this far back; pages draw their axis by it. */
export const recordMs = 3_600_000;

const moment = z.number().int().nonnegative().max(8_640_000_000_000_000);

export const momentSchema = clusterScope.extend({ atMs: moment });
export const secondsSchema = clusterScope.extend({ fromMs: moment, toMs: moment }).refine((range) => range.toMs >= range.fromMs, {
  error: 'range-backwards',
});
