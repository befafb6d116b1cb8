// Inputs about saved views. Shared with forms.

import { z } from 'zod';
import { clusterScope } from './cluster.ts';
import { isEncodable } from './text.ts';

/** The pages that have views: those whose address holds what they show. */
export const viewPages = ['messages', 'topics'] as const;
export const viewPageSchema = z.enum(viewPages);
export const viewNameSchema = z
  .string()
  .trim()
  .min(1, { error: 'view-name-empty' })
  .max(80, { error: 'view-name-too-long' })
  .refine(isEncodable, { error: 'text-half-a-character' });
const viewIdSchema = z.number().int().positive();

export const listViewsSchema = clusterScope.extend({ page: viewPageSchema });
export const saveViewSchema = listViewsSchema.extend({
  name: viewNameSchema,
  /** The page's search parameters, as in its address. */
  search: z.string().max(4_000),
  /** Whether a view of this name may be written over. */
  mayReplace: z.boolean().default(false),
});
export const renameViewSchema = clusterScope.extend({ id: viewIdSchema, name: viewNameSchema });
export const removeViewSchema = clusterScope.extend({ id: viewIdSchema });
