// Flags and environment of `npm start` and `npm run cluster`. A flag wins over its variable, both over the default.

import { parseArgs } from 'node:util';
import { ConfigError } from '#engine/broker/config-error.ts';
import { listenersOfBroker, type ListenerOptions } from './broker-listeners.ts';
import { isLogLevel, type LogLevel } from './output/log-entry.ts';

export interface ClusterOptions extends ListenerOptions {
  /** null: as many as the data directory holds, three in a new one. */
  readonly brokers: number | null;
  readonly consolePort: number;
  readonly consoleHost: string;
  readonly dataDirectory: string;
  readonly withConsole: boolean;
  /** Of the brokers' own lines. */
  readonly logLevel: LogLevel;
}

export type OptionsOutcome =
  | { readonly kind: 'options'; readonly options: ClusterOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly reason: string };

const flags = {
  brokers: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  listeners: { type: 'string' },
  'advertised-host': { type: 'string' },
  'advertised-listeners': { type: 'string' },
  'console-port': { type: 'string' },
  'console-host': { type: 'string' },
  data: { type: 'string' },
  set: { type: 'string', multiple: true },
  'log-level': { type: 'string' },
  'no-console': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const usage = `Logarium: a Kafka cluster under glass.

  npm start -- [options]          brokers and console
  npm run cluster -- [options]    the brokers alone

  --brokers N          how many brokers to start, 1 to 9            (LOGARIUM_BROKERS, 3)
                       or as many as the data directory holds
  --port N             port of the first broker, the others follow  (LOGARIUM_PORT, 9092)
  --host ADDRESS       address the brokers listen on                (LOGARIUM_HOST, 127.0.0.1)
  --advertised-host A  address that clients are given instead       (LOGARIUM_ADVERTISED_HOST)
  --listeners L        several listeners with names of their own    (LOGARIUM_LISTENERS)
  --advertised-listeners L  an address for each, by its name        (LOGARIUM_ADVERTISED_LISTENERS)
                       L reads NAME://HOST:PORT,... and is broker 1's: the ports of the
                       others count up, or {id} stands for the broker's number
  --console-port N     port of the console                          (LOGARIUM_CONSOLE_PORT, 3000)
  --console-host A     address the console listens on               (LOGARIUM_CONSOLE_HOST, 127.0.0.1)
  --data DIRECTORY     where everything is kept                     (LOGARIUM_DATA, ./data)
  --set NAME=VALUE     a Kafka broker setting, may be repeated      (LOGARIUM_SET, separated by ;)
  --log-level LEVEL    debug, info, warn or error: what the log holds  (LOGARIUM_LOG_LEVEL, info)
  --no-console         start the brokers alone
`;

/** The number of brokers that one machine can sensibly show. */
export const maxBrokers = 9;

/** Reads the command line and the environment; a refusal is one sentence for the person who typed it. */
export function parseOptions(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): OptionsOutcome {
  let values;
  try {
    values = parseArgs({ args: [...args], options: flags, strict: true }).values;
  } catch (error) {
    return {
      kind: 'refused',
      reason: `${error instanceof Error ? error.message : String(error)}. \`npm start -- --help\` lists the options.`,
    };
  }
  if (values.help === true) return { kind: 'help' };
  const text = (flag: string | undefined, variable: string, fallback: string): string => flag ?? (environment[variable] || fallback);
  const options = {
    brokers: text(values.brokers, 'LOGARIUM_BROKERS', ''),
    port: text(values.port, 'LOGARIUM_PORT', '9092'),
    host: text(values.host, 'LOGARIUM_HOST', '127.0.0.1'),
    listeners: text(values.listeners, 'LOGARIUM_LISTENERS', ''),
    advertisedHost: text(values['advertised-host'], 'LOGARIUM_ADVERTISED_HOST', ''),
    advertisedListeners: text(values['advertised-listeners'], 'LOGARIUM_ADVERTISED_LISTENERS', ''),
    consolePort: text(values['console-port'], 'LOGARIUM_CONSOLE_PORT', '3000'),
    consoleHost: text(values['console-host'], 'LOGARIUM_CONSOLE_HOST', '127.0.0.1'),
    dataDirectory: text(values.data, 'LOGARIUM_DATA', './data'),
    withConsole: values['no-console'] !== true,
    logLevel: text(values['log-level'], 'LOGARIUM_LOG_LEVEL', 'info'),
    settings: values.set ?? (environment['LOGARIUM_SET'] ?? '').split(';').filter((setting) => setting !== ''),
  };
  return check(options);
}

type TextOption = 'brokers' | 'port' | 'consolePort' | 'logLevel' | 'listeners' | 'advertisedHost' | 'advertisedListeners';
type RawOptions = Omit<ClusterOptions, TextOption> & Readonly<Record<TextOption, string>>;

function check(raw: RawOptions): OptionsOutcome {
  const brokers = raw.brokers === '' ? null : wholeNumber(raw.brokers, 1, maxBrokers);
  if (raw.brokers !== '' && brokers === null)
    return { kind: 'refused', reason: `--brokers takes a number from 1 to ${maxBrokers}, not "${raw.brokers}".` };
  const port = wholeNumber(raw.port, 1, 65_535 - 100 - maxBrokers);
  if (port === null) return { kind: 'refused', reason: `--port takes a port from 1 to ${65_535 - 100 - maxBrokers}, not "${raw.port}".` };
  const consolePort = wholeNumber(raw.consolePort, 1, 65_535);
  if (consolePort === null) return { kind: 'refused', reason: `--console-port takes a port from 1 to 65535, not "${raw.consolePort}".` };
  if (!isLogLevel(raw.logLevel)) return { kind: 'refused', reason: `--log-level takes debug, info, warn or error, not "${raw.logLevel}".` };
  const badSetting = raw.settings.find((setting) => !/^[a-z0-9._-]+=/i.test(setting));
  if (badSetting !== undefined) return { kind: 'refused', reason: `--set takes NAME=VALUE, not "${badSetting}".` };
  return checkListeners({ ...raw, ...listenerTexts(raw), brokers, port, consolePort, logLevel: raw.logLevel });
}

/** `--set listeners=...` says the same as `--listeners`: both are broker 1's, and the flag wins. */
function listenerTexts(raw: RawOptions): Pick<ClusterOptions, 'settings' | 'listeners' | 'advertisedHost' | 'advertisedListeners'> {
  const setTo = (name: string): string | undefined =>
    raw.settings.findLast((setting) => setting.startsWith(`${name}=`))?.slice(name.length + 1);
  return {
    settings: raw.settings.filter((setting) => !/^(advertised\.)?listeners=/.test(setting)),
    listeners: raw.listeners || setTo('listeners') || null,
    advertisedHost: raw.advertisedHost || null,
    advertisedListeners: raw.advertisedListeners || setTo('advertised.listeners') || null,
  };
}

function checkListeners(options: ClusterOptions): OptionsOutcome {
  try {
    listenersOfBroker(options, 1);
    return { kind: 'options', options };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const hint = / nobody can dial/.test(error.message) ? ' For all of them at once: --advertised-host HOST.' : '';
    return { kind: 'refused', reason: `${error.message}.${hint}` };
  }
}

function wholeNumber(text: string, least: number, most: number): number | null {
  if (!/^\d{1,6}$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}
