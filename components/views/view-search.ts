// What of a page's address makes a view: what is looked at and how it is sorted, never what is open or picked. Pure.
import type { viewPages } from '#server/api/schemas/view.ts';

export type ViewPage = (typeof viewPages)[number];

/** In the order in which they are kept, so that one view has one text. */
const viewKeys: Readonly<Record<ViewPage, readonly string[]>> = {
  messages: ['topic', 'from', 'offset', 'at', 'p', 'limit'],
  topics: ['q', 'show', 'sort'],
};

interface SearchParams {
  get(name: string): string | null;
}

/** The view in an address, as a search text without "?"; empty when everything is at its default. */
export function toViewSearch(page: ViewPage, params: SearchParams): string {
  const view = new URLSearchParams();
  for (const key of viewKeys[page]) {
    const value = params.get(key);
    if (value !== null && value !== '') view.set(key, value);
  }
  return view.toString();
}

/** For people: "topic=orders, from=oldest". */
export function describeSearch(search: string): string {
  return [...new URLSearchParams(search)].map(([key, value]) => `${key}=${value}`).join(', ');
}

/** A kept search may come from an older release: only what is a view today goes into the address. */
export function viewHref(path: string, page: ViewPage, search: string): string {
  const known = toViewSearch(page, new URLSearchParams(search));
  return known === '' ? path : `${path}?${known}`;
}
