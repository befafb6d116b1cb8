// One known config: its name, type and default as Kafka 4.3.1 reports them. Tables are lists of rows, so that a reader
// can check them against Kafka's reference line by line.

export type ConfigType = 'boolean' | 'string' | 'int' | 'short' | 'long' | 'double' | 'list' | 'class' | 'password';

export interface KnownConfig {
  readonly name: string;
  readonly type: ConfigType;
  /** As text; null: unset. */
  readonly default: string | null;
  /** May change while brokers run. */
  readonly isDynamic: boolean;
  /** For topics and groups: the broker config that is the default where there is none nearer. */
  readonly brokerSynonym: string | null;
}

/** [name, type, default, 'dynamic' | broker synonym]. */
export type BrokerRow = readonly [name: string, type: ConfigType, defaultText: string | null, isDynamic?: 'dynamic'];
export type ResourceRow = readonly [name: string, type: ConfigType, defaultText: string | null, brokerSynonym?: string];

export type ConfigTable = ReadonlyMap<string, KnownConfig>;

export function brokerTable(...parts: readonly (readonly BrokerRow[])[]): ConfigTable {
  return new Map(
    parts
      .flat()
      .map(([name, type, defaultText, dynamic]) => [
        name,
        { name, type, default: defaultText, isDynamic: dynamic === 'dynamic', brokerSynonym: null },
      ]),
  );
}

/** Configs of topics, groups and client metrics may always change. */
export function resourceTable(rows: readonly ResourceRow[]): ConfigTable {
  return new Map(
    rows.map(([name, type, defaultText, brokerSynonym]) => [
      name,
      { name, type, default: defaultText, isDynamic: true, brokerSynonym: brokerSynonym ?? null },
    ]),
  );
}

/** Passwords are never told. */
export function isSensitive(config: KnownConfig): boolean {
  return config.type === 'password';
}
