// Why something on the timeline happened, in the reader's language. Causes are stored as data, { kind, params }; one that
// was stored before that, or that only a client or the system could word, is shown as it was told.
'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { foreignWords } from '#components/ui/foreign-text.ts';

interface Caused {
  readonly cause: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export function useCauseWords(): (event: Caused) => string {
  const t = useTranslations('timeline.why');
  return useCallback(
    (event) => {
      const why = event.detail['why'];
      if (!isWhy(why) || !t.has(why.kind as never)) return foreignWords(event.cause);
      return t(why.kind as never, spoken(why.params) as never);
    },
    [t],
  );
}

/** Messages choose by a word, and an empty one is none. */
function spoken(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      value === '' ? 'unsaid' : typeof value === 'string' ? foreignWords(value) : value,
    ]),
  );
}

/** It was read from a store that outlives releases: believed only as far as it looks right. */
function isWhy(value: unknown): value is { readonly kind: string; readonly params: Readonly<Record<string, unknown>> } {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, params } = value as { readonly kind?: unknown; readonly params?: unknown };
  return typeof kind === 'string' && !kind.includes('.') && typeof params === 'object' && params !== null;
}
