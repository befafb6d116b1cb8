// What went wrong, in the reader's language. Troubles come as data, { kind, params }; what Kafka, a library or the system
// said of itself can't be translated: it stands as a quote behind a sentence of ours.
'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { foreignWords } from '#components/ui/foreign-text.ts';
import type { Problem } from '#components/ui/notice.tsx';
import { ProblemWordsContext, type ProblemWords } from '#components/ui/problem-words.ts';

export function ProblemWordsProvider({ children }: { readonly children: React.ReactNode }): React.JSX.Element {
  const words = useTranslatedProblem();
  return <ProblemWordsContext value={words}>{children}</ProblemWordsContext>;
}

type Translate = ReturnType<typeof useTranslations<'problem'>>;

function useTranslatedProblem(): ProblemWords {
  const t = useTranslations('problem');
  return useCallback(
    (problem) => {
      const { told } = problem;
      // A server that is newer than this page may tell what the page has no words for.
      if (told == null || !hasWords(t, told.kind)) return { message: problem.message, advice: problem.advice };
      const advice = told.advice !== null && t.has(`advice.${told.advice}` as never) ? t(`advice.${told.advice}` as never) : problem.advice;
      return { message: sentence(t, told), advice };
    },
    [t],
  );
}

function hasWords(t: Translate, kind: string): boolean {
  return !kind.includes('.') && t.has(`told.${kind}` as never);
}

function sentence(t: Translate, { kind, params }: NonNullable<Problem['told']>): string {
  const words = typeof params['words'] === 'string' ? params['words'] : '';
  const said = kind === 'refused' ? refusal(t, String(params['name'] ?? '')) : t(`told.${kind}` as never, params as never);
  return words === '' ? said : `${said}${t('gap')}${t('quote', { words: foreignWords(words) })}`;
}

/** Kafka's codes for what people meet have sentences; the code itself stands below them anyway. */
export function refusal(t: Translate, name: string): string {
  return /^[A-Z_]+$/.test(name) && t.has(`kafka.${name}` as never) ? t(`kafka.${name}` as never) : t('told.refused');
}
