// Inputs about saved views. Shared with forms.

import { z } from 'zod';

export const viewPageSchema = z.string().min(1).max(120);
export const listViewsSchema = z.object({ page: viewPageSchema });
export const saveViewSchema = z.object({
  page: viewPageSchema,
  name: z.string().trim().min(1).max(80),
  /** The page's search parameters, as in its address. */
  search: z.string().max(4_000),
});
export const removeViewSchema = z.object({ id: z.number().int().positive() });
