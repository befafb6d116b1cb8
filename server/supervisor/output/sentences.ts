// What a person at a terminal is told of an entry: one sentence, or nothing. The log has everything; the terminal has what changed
// in the cluster's health, what is wrong, and what somebody did to it.

import type { LogEntry } from './log-entry.ts';

type Fields = LogEntry['fields'];

const settingIgnored = 'setting-without-effect';

/** Told at any level, as they change how the cluster is. */
const changes: Readonly<Record<string, (fields: Fields) => string | null>> = {
  'process-ended': ({ process, how }) => `${name(process)} ended unexpectedly (${text(how)}) and is started again.`,
  'process-not-started': ({ process, how }) => `${name(process)} is not started again: ${text(how)}.`,
  'process-stopped': ({ process }) => `${name(process)} was stopped.`,
  // Of a broker the controller says it, when clients may come again.
  'process-ready': ({ process }) => (process === 'console' ? 'Console is ready again.' : null),
  'broker-fenced': ({ fenced, cause }) => `The controller has fenced broker ${text(fenced)}: ${text(cause)}.`,
  'broker-unfenced': ({ unfenced }) => `Broker ${text(unfenced)} is in service again.`,
  'controller-elected': ({ controller, epoch }) => `Broker ${text(controller)} is the active controller now (epoch ${text(epoch)}).`,
  'waiting-for-orphan': ({ broker, pid }) =>
    `Broker ${text(broker)} of the last run is still stopping (process ${text(pid)}): waiting for it.`,
  'broker-lost': ({ broker, reason }) => `Broker ${text(broker)} was ended: ${text(reason)}. The others go on without it.`,
  'directory-lost': ({ reason }) => `${text(reason)} Nothing can be kept any more, so the cluster stops.`,
  'fault-injected': ({ fault, by }) => `Lab: ${text(fault)}, asked for by ${text(by)}.`,
  'fault-ended': ({ fault, cause }) => `Lab: ${text(fault)} is over (${text(cause)}).`,
  stopping: ({ reason }) => `Stopping in order (${text(reason)}). Once more ends everything at once.`,
  stopped: () => 'Everything has stopped.',
  killed: () => 'Everything was ended at once. What was acknowledged lies on disk; the next start recovers it.',
};

export function sentenceOf({ level, source, event, fields }: LogEntry): string | null {
  const change = changes[event];
  if (source === 'supervisor' && change !== undefined) return change(fields);
  if (level !== 'warn' && level !== 'error') return null;
  // The supervisor and the controller say the same of these in words.
  if (event === 'broker-gone' || event === 'fatal' || event === 'start-failed') return null;
  if (event === 'printed') return `${name(source)}: ${text(fields['text'])}`;
  if (event === 'connection-refused') return refusal(source, fields);
  if (event === settingIgnored) return `The setting ${text(fields['name'])} has no effect here: ${text(fields['reason'])}.`;
  return `${name(source)}: ${event.replaceAll('-', ' ')}${details(fields)}`;
}

/**
 * Entries of one kind tell a reader the same: the third port scan, the hundredth damaged log of one broker. What every broker says
 * of its settings is said once.
 */
export function kindOf({ source, event, fields }: LogEntry): string {
  if (event === settingIgnored) return `${event} ${text(fields['name'])}`;
  return source === 'supervisor' ? `${event} ${JSON.stringify(fields)}` : `${source} ${event}`;
}

function refusal(source: string, { address, clientId, software, reason }: Fields): string {
  const who = [address, software, clientId && `client id ${JSON.stringify(clientId)}`].filter(Boolean).map(text).join(', ');
  return `${name(source)} refused a connection from ${who}: ${text(reason)}.`;
}

/** The reason alone where there is one: the rest is in the log. */
function details({ reason, ...fields }: Fields): string {
  if (typeof reason === 'string') return `: ${text(reason)}`;
  const known = Object.entries(fields).filter(([key, value]) => key !== 'broker' && value !== null);
  return known.length === 0 ? '' : ` (${known.map(([key, value]) => `${key}: ${text(value)}`).join(', ')})`;
}

function name(value: unknown): string {
  const words = text(value);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Without anything that a terminal would act on, whatever a client called itself. */
function text(value: unknown): string {
  return firstLine(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

function firstLine(value: string): string {
  return value.split('\n')[0] ?? '';
}
