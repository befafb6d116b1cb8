// The command line of a broker process, and its properties file. Settings come, the later the stronger, from
// `--config file` and from `--set name=value`; who the node is and where it listens has flags of its own.

import { ConfigError } from './config-error.ts';
import { createBrokerConfig, type BrokerConfig, type Voter } from './config.ts';

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
  'usage: main.ts --node-id N --roles broker[,controller] --host H --port P [--controller-port P] --voters ID@HOST:PORT[,...] ' +
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
  const roles = parseRoles(required(values, 'roles'));
  const config = createBrokerConfig(
    {
      nodeId: toInteger('node-id', required(values, 'node-id'), 2 ** 31 - 1),
      roles,
      host: values.get('host') ?? '127.0.0.1',
      port: toPort('port', required(values, 'port')),
      controllerPort: roles.includes('controller') ? toPort('controller-port', required(values, 'controller-port')) : null,
      voters: required(values, 'voters').split(',').map(parseVoter),
      kraftVersion: toInteger('kraft-version', values.get('kraft-version') ?? '0', 1),
      dataDirectory: required(values, 'data'),
      clusterId: required(values, 'cluster-id'),
    },
    texts,
  );
  return { config, logLevel: toLogLevel(values.get('log-level') ?? 'info') };
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
  return text.split(',').map((role) => {
    if (role !== 'broker' && role !== 'controller') throw new ConfigError(`--roles may hold broker and controller, not "${role}"`);
    return role;
  });
}

function parseVoter(text: string): Voter {
  const match = /^(\d+)@(.+):(\d+)$/.exec(text);
  if (match === null) throw new ConfigError(`--voters must read id@host:port,..., not "${text}"`);
  return { nodeId: Number(match[1]), host: match[2] as string, port: toPort('voters', match[3] as string) };
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
