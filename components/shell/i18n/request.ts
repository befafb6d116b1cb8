// next-intl asks here, once a request, for the language and its words.
import { getRequestConfig } from 'next-intl/server';
import { cookies, headers } from 'next/headers';
import { en } from './en.ts';
import { chooseLocale, localeCookie } from './locales.ts';
import { zh } from './zh.ts';

export default getRequestConfig(async () => {
  const cookie = (await cookies()).get(localeCookie)?.value;
  const locale = chooseLocale(cookie, (await headers()).get('accept-language'));
  return { locale, messages: locale === 'zh' ? zh : en, timeZone: 'UTC' };
});
