// The reader's language: a cookie that the server reads, so that the first paint is already in it.
// A link may carry ?lang=zh; it then becomes the choice of whoever opens it.
'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { useLocale } from 'next-intl';
import { useCallback, useEffect } from 'react';
import { isLocale, localeCookie, type Locale } from './i18n/locales.ts';

const yearSeconds = 31_536_000;

export function useLanguage(): { readonly other: Locale; readonly change: (locale: Locale) => void } {
  const router = useRouter();
  const locale = useLocale();
  const change = useCallback(
    (next: Locale) => {
      document.cookie = `${localeCookie}=${next};path=/;max-age=${yearSeconds};samesite=lax`;
      router.refresh();
    },
    [router],
  );
  return { other: locale === 'en' ? 'zh' : 'en', change };
}

export function useLanguageFromLink(): void {
  const locale = useLocale();
  const wanted = useSearchParams().get('lang') ?? undefined;
  const { change } = useLanguage();
  useEffect(() => {
    if (isLocale(wanted) && wanted !== locale) change(wanted);
  }, [wanted, locale, change]);
}
