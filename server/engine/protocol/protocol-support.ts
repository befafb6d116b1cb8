// The table of docs/protocol-support.md, derived from what is really served, so that the page can't promise
// what the broker doesn't do. Pure: text in a file is the caller's business.

import { allApis } from './apis/index.ts';
import type { Api } from './schema.ts';
import type { VersionRange } from './versions.ts';

/** One line of a broker's list of handlers. */
export interface ServedApi {
  readonly api: Api;
}

/** Markdown: a sentence with the count, then every key of Apache Kafka 4.3 with what is served of it. */
export function describeProtocolSupport(served: readonly ServedApi[]): string {
  const keys = new Set(served.map(({ api }) => api.key));
  const rows = allApis.map((api) => row(api, keys.has(api.key)));
  return [
    `${keys.size} of the ${allApis.length} API keys of Apache Kafka 4.3 are served, each in all versions that Kafka advertises.`,
    '',
    '| key | name | versions | flexible from | listeners | served |',
    '|---:|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function row(api: Api, isServed: boolean): string {
  const flexible = Number.isFinite(api.flexible.min) && api.flexible.max >= api.flexible.min ? String(api.flexible.min) : '–';
  return `| ${api.key} | ${api.name} | ${rangeText(api.advertised)} | ${flexible} | ${api.listeners.join(', ')} | ${isServed ? 'yes' : 'no'} |`;
}

function rangeText({ min, max }: VersionRange): string {
  return min === max ? String(min) : `${min}–${max}`;
}
