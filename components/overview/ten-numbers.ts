// The ten numbers of the overview, computed from what is known this moment. A number that the cluster cannot
// tell stays null and is drawn as unknown; nothing here guesses.
import { groupPath } from '#components/shell/addresses.ts';
import type { ClusterOverview, GroupSummary, RateSample } from '#server/cluster/port.ts';
import { fillRatio } from '#components/ui/format.ts';
import type { State } from '#components/ui/state-shape.tsx';

export type NumberId =
  | 'offline'
  | 'underMin'
  | 'underReplicated'
  | 'controller'
  | 'brokers'
  | 'isrChanges'
  | 'bytesIn'
  | 'produceP99'
  | 'worstLag'
  | 'disk';
export type Verdict = 'good' | 'watch' | 'bad' | 'behind' | 'raised' | 'unknown' | 'plain';

export interface KeyNumber {
  readonly id: NumberId;
  readonly value: number | null;
  readonly verdict: Verdict;
  readonly state: State;
  /** Words of the small line, filled by the catalogue. */
  readonly values: Readonly<Record<string, number | string>>;
  /** The last minutes, where they were measured. */
  readonly history: readonly (number | null)[] | null;
  readonly href: string;
}

export interface NumberInput {
  readonly overview: ClusterOverview;
  readonly rates: readonly RateSample[];
  readonly groups: readonly GroupSummary[] | null;
  /** Changes of in-sync sets in the last five minutes; at least so many where not all are kept. */
  readonly isrChanges: { readonly count: number; readonly isWhole: boolean } | null;
}

const p99WatchMs = 40;
const diskWatchRatio = 0.7;
const diskBadRatio = 0.95;

export function keyNumbers(input: NumberInput): readonly KeyNumber[] {
  const { overview } = input;
  return [
    zeroWanted('offline', overview.offlinePartitions, { ifMore: 'bad', overview }),
    zeroWanted('underMin', overview.underMinIsrPartitions, { ifMore: 'bad', overview }),
    zeroWanted('underReplicated', overview.underReplicatedPartitions, { ifMore: 'watch', overview }),
    controllerNumber(overview),
    brokersNumber(overview),
    isrNumber(input.isrChanges),
    bytesNumber(input.rates),
    latencyNumber(input.rates),
    lagNumber(input.groups),
    diskNumber(overview),
  ];
}

const stateOf: Record<Verdict, State> = {
  good: 'good',
  plain: 'good',
  watch: 'watch',
  behind: 'watch',
  raised: 'watch',
  bad: 'offline',
  unknown: 'unknown',
};

type Judged = { readonly verdict: Verdict } & Partial<Omit<KeyNumber, 'id' | 'value' | 'verdict' | 'state'>>;

function make(id: NumberId, value: number | null, { verdict, ...more }: Judged): KeyNumber {
  const known = value === null ? 'unknown' : verdict;
  return { id, value, verdict: known, state: stateOf[known], values: {}, history: null, href: 'topics', ...more };
}

/** Trouble is counted on every partition, Kafka's own too, so what it is counted against holds both. */
function zeroWanted(
  id: 'offline' | 'underMin' | 'underReplicated',
  value: number | null,
  { ifMore, overview }: { readonly ifMore: Verdict; readonly overview: ClusterOverview },
): KeyNumber {
  const show = { offline: 'offline', underMin: 'under-min-isr', underReplicated: 'under-replicated' }[id];
  const internal = overview.internalPartitionCount;
  const values = { all: overview.partitionCount + internal, internal };
  return make(id, value, { verdict: value === 0 ? 'good' : ifMore, values, href: `topics?show=${show}` });
}

function controllerNumber(overview: ClusterOverview): KeyNumber {
  const isActive = overview.controllerId !== null;
  const values = { broker: overview.controllerId ?? -1, epoch: overview.controllerEpoch ?? -1, voters: overview.voters?.length ?? -1 };
  return make('controller', isActive ? 1 : 0, {
    verdict: isActive ? 'good' : 'bad',
    values,
    href: isActive ? `brokers/${overview.controllerId}` : 'brokers',
  });
}

function brokersNumber({ brokers }: ClusterOverview): KeyNumber {
  const online = brokers.filter((broker) => broker.state === 'online').length;
  const fenced = brokers.filter((broker) => broker.state === 'fenced').length;
  return make('brokers', online, {
    verdict: online === brokers.length ? 'good' : 'watch',
    values: { all: brokers.length, fenced },
    href: 'brokers',
  });
}

function isrNumber(changes: NumberInput['isrChanges']): KeyNumber {
  return make('isrChanges', changes?.count ?? null, {
    verdict: changes?.count === 0 ? 'good' : 'watch',
    values: { isWhole: changes?.isWhole === false ? 0 : 1 },
  });
}

const historySamples = 60;

function bytesNumber(rates: readonly RateSample[]): KeyNumber {
  const now = rates.at(-1);
  const history = rates.map((sample) => sample.bytesInPerSecond);
  return make('bytesIn', now?.bytesInPerSecond ?? null, {
    verdict: 'plain',
    values: { out: now?.bytesOutPerSecond ?? -1, records: now?.recordsInPerSecond ?? -1 },
    history: thin(history),
    href: 'topics?sort=-rate',
  });
}

function latencyNumber(rates: readonly RateSample[]): KeyNumber {
  const now = rates.at(-1);
  const value = now?.produceP99Ms ?? null;
  const verdict = value !== null && value > p99WatchMs ? 'raised' : 'good';
  return make('produceP99', value, {
    verdict,
    // Latencies are told, but nothing was written: that is not the same as not knowing.
    values: { limit: p99WatchMs, isIdle: value === null && now != null && now.fetchP99Ms !== null ? 1 : 0 },
    history: thin(rates.map((sample) => sample.produceP99Ms)),
    href: 'brokers',
  });
}

/** Of the groups that somebody reads with: what one left behind without members waits for nobody. */
function lagNumber(groups: readonly GroupSummary[] | null): KeyNumber {
  if (groups === null) return make('worstLag', null, { verdict: 'unknown', href: 'groups' });
  const alive = groups.filter((group) => group.judgement !== null);
  const worst = alive.reduce<GroupSummary | null>((best, group) => ((group.lag ?? -1) > (best?.lag ?? -1) ? group : best), null);
  const value = alive.length === 0 ? 0 : (worst?.lag ?? null);
  const href = worst === null ? 'groups' : groupPath(worst.groupId);
  return make('worstLag', value, {
    verdict: alive.some(isTroubled) ? 'behind' : 'good',
    values: { group: value === 0 ? '' : (worst?.groupId ?? ''), groups: groups.length },
    href,
  });
}

function isTroubled({ judgement }: GroupSummary): boolean {
  return judgement !== null && judgement.verdict !== null && judgement.verdict !== 'ok';
}

function diskNumber({ brokers }: ClusterOverview): KeyNumber {
  const known = brokers.flatMap((broker) => {
    const ratio = fillRatio(broker.diskTotalBytes, broker.diskUsableBytes);
    return ratio === null ? [] : [{ broker: broker.brokerId, ratio }];
  });
  const fullest = known.reduce<{ broker: number; ratio: number } | null>(
    (worst, one) => (one.ratio > (worst?.ratio ?? -1) ? one : worst),
    null,
  );
  if (fullest === null) return make('disk', null, { verdict: 'unknown', href: 'brokers' });
  const verdict = fullest.ratio >= diskBadRatio ? 'bad' : fullest.ratio >= diskWatchRatio ? 'watch' : 'good';
  return make('disk', fullest.ratio, { verdict, values: { broker: fullest.broker }, href: `brokers/${fullest.broker}` });
}

/** Every n-th value, so that a sparkline has at most sixty points. */
function thin(values: readonly (number | null)[]): readonly (number | null)[] | null {
  if (values.every((value) => value === null)) return null;
  const step = Math.max(1, Math.floor(values.length / historySamples));
  return values.filter((_value, index) => index % step === 0);
}
