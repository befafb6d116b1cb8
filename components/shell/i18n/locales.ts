// The languages of the console and the cookie that remembers the reader's choice.
export const locales = ['en', 'zh'] as const;
export type Locale = (typeof locales)[number];
export const localeCookie = 'logarium-locale';

export function isLocale(text: string | undefined): text is Locale {
  return locales.some((locale) => locale === text);
}

/** The reader's own choice, else the first language of the browser that we speak, else English. */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(cookie)) return cookie;
  const wanted = (acceptLanguage ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  return wanted.find((tag): tag is Locale => isLocale(tag)) ?? 'en';
}
