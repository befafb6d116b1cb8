// The command line of a broker process, and its properties file. Settings come, the later the stronger, from
// `--config file` and from `--set name=value`. Who the node is and where it listens can be said by flags or by Kafka's settings,
// so that a server.properties of Kafka's starts a broker too; a flag that contradicts a setting is refused.

import { ConfigError } from './config-error.ts';
import { createBrokerConfig, type BrokerConfig, type NodeOptions, type Voter } from './config.ts';
import { listenerKinds } from './listeners.ts';

const flags = [
  'node-id',
  'roles',
  'host',
  'port',
  'controller-port',
  'voters',
  'kraft-version',
  'data',
  'cluster-id',
  'config',
  'log-level',
] as const;
type Flag = (typeof flags)[number];

export const usage =
  'usage: main.ts --node-id N --roles broker[,controller] [--host H] --port P [--controller-port P] --voters ID@HOST:PORT[,...] ' +
  '[--kraft-version 0|1] --data DIRECTORY --cluster-id ID [--config FILE] [--set NAME=VALUE]... [--log-level debug|info|warn|error]';

export interface CommandLine {
  readonly config: BrokerConfig;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** Throws ConfigError with a sentence for whoever typed it. */
export function parseCommandLine(args: readonly string[], readFile: (path: string) => string): CommandLine {
  const { values, settings } = splitArguments(args);
  const file = values.get('config');
  const texts = new Map([...(file === undefined ? [] : parseProperties(readFile(file))), ...settings]);
  const said = (flag: IdentityFlag): string => saidOnce(flag, values.get(flag), texts);
  const roles = parseRoles(said('roles'));
  const config = createBrokerConfig(
    {
      nodeId: toInteger('node-id', said('node-id'), 2 ** 31 - 1),
      roles,
      ...parsePlace(values, roles, texts),
      voters: splitNames(said('voters')).map(parseVoter),
      kraftVersion: toInteger('kraft-version', values.get('kraft-version') ?? '0', 1),
      dataDirectory: toDirectory(said('data')),
      clusterId: required(values, 'cluster-id'),
    },
    texts,
  );
  return { config, logLevel: toLogLevel(values.get('log-level') ?? 'info') };
}

/** Kafka's names for what has a flag here. */
const settingsOf = {
  'node-id': ['node.id', 'broker.id'],
  roles: ['process.roles'],
  voters: ['controller.quorum.voters'],
  data: ['log.dirs', 'log.dir'],
} as const satisfies Partial<Record<Flag, readonly string[]>>;
type IdentityFlag = keyof typeof settingsOf;

/** What may be said in several ways has to be the same in all of them. */
function saidOnce(flag: IdentityFlag, byFlag: string | undefined, texts: ReadonlyMap<string, string>): string {
  const said = settingsOf[flag].flatMap((name) => (texts.has(name) ? [[`${name}=${texts.get(name)}`, texts.get(name)] as const] : []));
  const [first, ...others] = byFlag === undefined ? said : [[`--${flag} ${byFlag}`, byFlag] as const, ...said];
  if (first?.[1] === undefined || first[1] === '') throw new ConfigError(`--${flag} (or ${settingsOf[flag][0]}) is missing\n${usage}`);
  const other = others.find(([, value]) => value !== first[1]);
  if (other !== undefined) throw new ConfigError(`${first[0]} contradicts ${other[0]}`);
  return first[1];
}

type Place = Pick<NodeOptions, 'host' | 'port' | 'controllerPort'>;

/** Each listener is said once: by `listeners`, or by its port. */
function parsePlace(values: ReadonlyMap<Flag, string>, roles: readonly string[], texts: ReadonlyMap<string, string>): Place {
  const named = listenerKinds(texts);
  const portOf = (flag: 'port' | 'controller-port', isNamed: boolean): number => {
    if (isNamed && values.has(flag))
      throw new ConfigError(`--${flag} has no effect beside a listener that listeners names: say one of them`);
    return isNamed ? 0 : toPort(flag, required(values, flag));
  };
  if (named.clients && values.has('host')) throw new ConfigError('--host has no effect beside listeners: say one of them');
  return {
    host: values.get('host') ?? '127.0.0.1',
    port: roles.includes('broker') ? portOf('port', named.clients) : 0,
    controllerPort: roles.includes('controller') ? portOf('controller-port', named.controller) : null,
  };
}

/** Kafka's properties format as far as configs use it: `name=value` lines, # and ! comments. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const entries = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#!]/.test(line));
  return new Map(entries.map((line) => toSetting(line, 'a line of the properties file')));
}

function splitArguments(args: readonly string[]): {
  readonly values: ReadonlyMap<Flag, string>;
  readonly settings: readonly (readonly [string, string])[];
} {
  const values = new Map<Flag, string>();
  const settings: (readonly [string, string])[] = [];
  for (let index = 0; index < args.length; index += 2) {
    const name = (args[index] ?? '').replace(/^--/, '');
    const value = args[index + 1];
    if (value === undefined) throw new ConfigError(`--${name} needs a value\n${usage}`);
    if (name === 'set') settings.push(toSetting(value, '--set'));
    else if (isFlag(name)) values.set(name, value);
    else throw new ConfigError(`unknown option --${name}\n${usage}`);
  }
  return { values, settings };
}

function isFlag(name: string): name is Flag {
  return (flags as readonly string[]).includes(name);
}

function toSetting(text: string, where: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new ConfigError(`${where} must read name=value, not "${text}"`);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function required(values: ReadonlyMap<Flag, string>, flag: Flag): string {
  const value = values.get(flag);
  if (value === undefined || value === '') throw new ConfigError(`--${flag} is missing\n${usage}`);
  return value;
}

function parseRoles(text: string): ('broker' | 'controller')[] {
  return splitNames(text).map((role) => {
    if (role !== 'broker' && role !== 'controller') throw new ConfigError(`--roles may hold broker and controller, not "${role}"`);
    return role;
  });
}

/** Kafka spreads logs over several; a broker here has one for everything. */
function toDirectory(path: string): string {
  if (path.includes(',')) throw new ConfigError(`log.dirs may name one directory, not "${path}"`);
  return path;
}

function splitNames(text: string): readonly string[] {
  return text.split(',').map((name) => name.trim());
}

function parseVoter(text: string): Voter {
  const match = /^(\d+)@(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]]+)):(\d+)$/.exec(text);
  if (match === null) throw new ConfigError(`--voters must read id@host:port,... (an IPv6 host in brackets), not "${text}"`);
  return { nodeId: Number(match[1]), host: match[2] ?? match[3] ?? '', port: toPort('voters', match[4] as string) };
}

function toInteger(flag: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) throw new ConfigError(`--${flag} must be a number from 0 to ${max}, not "${text}"`);
  return value;
}

function toPort(flag: string, text: string): number {
  return toInteger(flag, text, 65_535);
}

function toLogLevel(text: string): CommandLine['logLevel'] {
  if (text === 'debug' || text === 'info' || text === 'warn' || text === 'error') return text;
  throw new ConfigError(`--log-level must be debug, info, warn or error, not "${text}"`);
}
