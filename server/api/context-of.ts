// The context of a request that came over HTTP, and of a server component that prefetches.

import { consoleRooms } from '#server/console-rooms.ts';
import type { Context } from './context.ts';
import { cookieOf } from './cookies.ts';
import { localOperator } from './permissions.ts';

export function contextOf(headers: Headers): Context {
  const cookies = headers.get('cookie') ?? '';
  return {
    ...consoleRooms(),
    principal: localOperator,
    theme: cookieOf(cookies, 'logarium-theme'),
    locale: cookieOf(cookies, 'logarium-locale'),
  };
}
