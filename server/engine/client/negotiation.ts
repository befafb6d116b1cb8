// Which version of each request two ends use: the highest that both know. A broker's ranges are taken as it
// states them; ours come from the schemas. Pure.

import type { Api } from '#engine/protocol/schema.ts';
import { ClientError } from './errors.ts';

export interface AdvertisedRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** What one broker said it can do, and the features its cluster has settled on. */
export interface BrokerAbilities {
  readonly ranges: ReadonlyMap<number, AdvertisedRange>;
  /** Finalized levels by feature name, such as metadata.version; empty on brokers that don't tell. */
  readonly features: ReadonlyMap<string, number>;
}

export function toAbilities(
  ranges: readonly AdvertisedRange[],
  features: readonly { readonly name: string; readonly maxVersionLevel: number }[],
): BrokerAbilities {
  return {
    ranges: new Map(ranges.map((range) => [range.apiKey, range])),
    features: new Map(features.map((feature) => [feature.name, feature.maxVersionLevel])),
  };
}

/** The highest shared version, or null when there is none. `limit` lets a caller stay lower on purpose. */
export function sharedVersion(
  api: Pick<Api, 'key' | 'advertised' | 'versions'>,
  abilities: BrokerAbilities,
  limit = Infinity,
): number | null {
  const range = abilities.ranges.get(api.key);
  if (range === undefined) return null;
  const highest = Math.min(api.advertised.max, range.maxVersion, limit);
  return highest < Math.max(api.versions.min, range.minVersion) ? null : highest;
}

/** As sharedVersion, but no shared version is an error that names both ranges. */
export function chooseVersion(api: Api, abilities: BrokerAbilities, limit?: number): number {
  const version = sharedVersion(api, abilities, limit);
  if (version !== null) return version;
  const range = abilities.ranges.get(api.key);
  const theirs = range === undefined ? 'does not serve it' : `serves ${range.minVersion} to ${range.maxVersion}`;
  throw new ClientError(
    'unsupported-version',
    `${api.name}: this side speaks ${api.versions.min} to ${Math.min(api.advertised.max, limit ?? Infinity)}, the broker ${theirs}`,
  );
}
