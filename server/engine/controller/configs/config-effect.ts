// Which of Kafka's settings have no effect in this engine, and why. A setting is refused, or acts, or says that it doesn't: nobody
// may believe in one that nothing reads. The rest of what is known acts (`broker/config-definitions.ts`; a test holds the two together).

import { configResourceTypes } from '../records.ts';
import type { KnownConfig } from './config-row.ts';

export interface WithoutEffect {
  /** A sentence's end: why it can't have one. */
  readonly reason: string;
  /** Whoever relies on it would be hurt, so a start that asks for it is refused. For others the broker logs a line. */
  readonly isRefused: boolean;
}

interface Rule {
  readonly matches: RegExp;
  readonly reason: string;
  readonly isRefused?: true;
}

const noGuards = 'nothing here would enforce it';
const oneLoop = 'a broker runs on one event loop';
const noTieredStorage = 'there is no tiered storage';
const noTransactions = 'transactions are not served yet';

/** The first rule that matches counts. */
const brokerRules: readonly Rule[] = [
  { matches: /^(authorizer\.class\.name|security\.inter\.broker\.protocol)$/, reason: 'there is no security yet', isRefused: true },
  { matches: /^(alter\.config|create\.topic)\.policy\.class\.name$/, reason: noGuards, isRefused: true },
  {
    matches: /^(client\.quota\.callback\.class|max\.connections\.per\.ip.*|max\.connection\.creation\.rate)$/,
    reason: noGuards,
    isRefused: true,
  },
  {
    matches: /^(controller\.quorum\.bootstrap\.servers|controller\.quorum\.auto\.join\.enable)$/,
    reason: 'voters are named by controller.quorum.voters',
    isRefused: true,
  },
  { matches: /^(metadata\.log\.dir|cordoned\.log\.dirs)$/, reason: 'a broker has one directory for everything', isRefused: true },
  { matches: /^early\.start\.listeners$/, reason: 'the controller starts listening first anyway', isRefused: true },
  { matches: /^config\.providers$/, reason: 'values are taken as they are written', isRefused: true },
  { matches: /^remote\.log\.storage\.system\.enable$/, reason: noTieredStorage, isRefused: true },
  { matches: /^log\.preallocate$/, reason: 'segments grow as they are written', isRefused: true },
  { matches: /^offsets\.topic\.compression\.codec$/, reason: 'offsets are stored uncompressed', isRefused: true },
  { matches: /^compression\.lz4\.level$/, reason: 'lz4 has one level here' },
  { matches: /^log\.local\.retention\.|^remote\.|^follower\.fetch\.last\.tiered/, reason: noTieredStorage },
  { matches: /^transaction|^add\.partitions\.to\.txn\./, reason: noTransactions },
  { matches: /^(group\.)?share\.|^group\.streams\./, reason: 'share and streams groups are not served yet' },
  { matches: /^group\.consumer\.|^group\.coordinator\.rebalance\.protocols$/, reason: 'only the classic group protocol is served yet' },
  { matches: /^group\.coordinator\./, reason: 'coordinators write what was decided in one turn together' },
  {
    matches: /^(ssl|sasl|security)\.|^delegation\.token\.|^connections?\.(failed\.authentication|max\.reauth)|^principal\.builder/,
    reason: 'there is no security yet',
  },
  { matches: /\.threads|^background\.threads$/, reason: oneLoop },
  { matches: /purgatory\.purge\.interval/, reason: 'what waits is removed when it ends' },
  { matches: /^kafka\.metrics\.|^metrics?\.|^telemetry\./, reason: 'figures are kept by the second and shown by the console' },
  { matches: /^log\.cleaner\.(dedupe|io)\./, reason: 'a compaction takes the memory of one segment and yields between its steps' },
  {
    matches: /^(quota|controller\.quota|alter\.log\.dirs\.replication\.quota)\.window\.|^replica\.alter\.log\.dirs\.|^num\.replica\.alter/,
    reason: 'there are no client quotas, and a broker has one directory',
  },
  { matches: /^log\.flush\.start\.offset\./, reason: 'a first offset that moves is written down at once' },
  { matches: /^controller\.quorum\.append\.linger\.ms$/, reason: 'the leader of the quorum writes at once what was decided in one turn' },
  { matches: /^controller\.quorum\.fetch\.(snapshot\.)?max\.bytes$/, reason: 'a fetch of the quorum is as large as its records' },
  { matches: /^metadata\.max\.idle\.interval\.ms$/, reason: 'the controller writes nothing while nothing changes' },
  { matches: /^metadata\.max\.retention\./, reason: 'the metadata log keeps its last snapshots and what follows them' },
  { matches: /^log\.dir\.failure\.timeout\.ms$/, reason: 'a broker whose directory fails stops at once' },
  { matches: /^controller\.socket\.timeout\.ms$/, reason: 'request.timeout.ms counts' },
  {
    matches: /socket\.(connection\.setup|receive\.buffer|send\.buffer)|^replica\.socket\.receive/,
    reason: "the operating system's own values are used",
  },
];

const topicRules: readonly Rule[] = [
  { matches: /^preallocate$/, reason: 'segments grow as they are written' },
  { matches: /^compression\.lz4\.level$/, reason: 'lz4 has one level here' },
  { matches: /^remote\.|^local\.retention\./, reason: noTieredStorage },
];

const rulesByType: Readonly<Record<number, readonly Rule[]>> = {
  [configResourceTypes.broker]: brokerRules,
  [configResourceTypes.topic]: topicRules,
  [configResourceTypes.group]: [{ matches: /./, reason: 'only the classic group protocol is served yet' }],
  [configResourceTypes['client-metrics']]: [{ matches: /./, reason: 'clients are not asked for their metrics' }],
};

/** null: the setting acts. */
export function withoutEffect(resourceType: number, name: string): WithoutEffect | null {
  const rule = rulesByType[resourceType]?.find(({ matches }) => matches.test(name));
  return rule === undefined ? null : { reason: rule.reason, isRefused: rule.isRefused === true };
}

/** These may change while Kafka runs, but here they count from the next start on. */
const readAtStart: ReadonlySet<string> = new Set(['listeners', 'listener.security.protocol.map']);

/** Why this value can't be set while brokers run; null when it can. The default may always be written down. */
export function refusalWithoutEffect(resourceType: number, config: KnownConfig, value: string): string | null {
  if (isDefault(config, value)) return null;
  if (resourceType === configResourceTypes.broker && readAtStart.has(config.name)) return `${config.name} is read when the broker starts`;
  const found = withoutEffect(resourceType, config.name);
  return found === null ? null : `${config.name} has no effect here: ${found.reason}`;
}

export function isDefault(config: KnownConfig, value: string): boolean {
  const text = value.trim();
  const normal = config.type === 'boolean' ? text.toLowerCase() : text;
  return normal === (config.default ?? (config.type === 'boolean' ? 'false' : ''));
}
