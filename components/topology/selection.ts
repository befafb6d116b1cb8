// What is selected, as it stands in the address: a link opens the same thing for whoever follows it.

import type { RecordId } from './scene/particles.ts';

export type Selection =
  | {
      readonly kind: 'partition';
      readonly topic: string;
      readonly partition: number;
      /** The copy that was pointed at, if one was. */ readonly brokerId: number | null;
    }
  | { readonly kind: 'record'; readonly record: RecordId }
  | { readonly kind: 'broker'; readonly brokerId: number }
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'client'; readonly cardKey: string };

const whole = /^\d+$/;

function toWhole(text: string | undefined): number | null {
  return text !== undefined && whole.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

/** Topic names hold no colon, so it can part the fields; client ids and groups may, so they come last. */
export function formatSelection(selection: Selection): string {
  switch (selection.kind) {
    case 'partition':
      return `p:${selection.topic}:${selection.partition}${selection.brokerId === null ? '' : `:${selection.brokerId}`}`;
    case 'record':
      return `r:${selection.record.topic}:${selection.record.partition}:${selection.record.offset}`;
    case 'broker':
      return `b:${selection.brokerId}`;
    case 'group':
      return `g:${selection.groupId}`;
    case 'client':
      return `c:${selection.cardKey}`;
  }
}

export function parseSelection(text: string | null): Selection | null {
  if (text === null) return null;
  const [kind, ...fields] = text.split(':');
  const rest = fields.join(':');
  switch (kind) {
    case 'p':
      return toPartition(fields);
    case 'r':
      return toRecord(fields);
    case 'b':
      return toWhole(rest) === null ? null : { kind: 'broker', brokerId: Number(rest) };
    case 'g':
      return fields.length === 0 ? null : { kind: 'group', groupId: rest };
    case 'c':
      return rest === '' ? null : { kind: 'client', cardKey: rest };
    default:
      return null;
  }
}

function toPartition(fields: readonly string[]): Selection | null {
  const partition = toWhole(fields[1]);
  if (fields[0] === undefined || fields[0] === '' || partition === null) return null;
  return { kind: 'partition', topic: fields[0], partition, brokerId: toWhole(fields[2]) };
}

function toRecord(fields: readonly string[]): Selection | null {
  const [partition, offset] = [toWhole(fields[1]), toWhole(fields[2])];
  if (fields[0] === undefined || fields[0] === '' || partition === null || offset === null) return null;
  return { kind: 'record', record: { topic: fields[0], partition, offset } };
}
