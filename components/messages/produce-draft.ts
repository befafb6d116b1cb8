// A record before it is sent. Null and empty are chosen, never guessed from a blank field. Pure.
import type { FieldInput } from '#server/api/schemas/message.ts';
import { isEncodable } from '#server/api/schemas/text.ts';

export type FieldMode = 'text' | 'base64' | 'empty' | 'null';
export interface FieldDraft {
  readonly mode: FieldMode;
  readonly text: string;
}
export interface HeaderDraft {
  readonly id: number;
  readonly key: string;
  readonly value: FieldDraft;
}
export interface RecordDraft {
  readonly key: FieldDraft;
  readonly value: FieldDraft;
  readonly headers: readonly HeaderDraft[];
  readonly partition: number | null;
}

export const emptyRecord: RecordDraft = {
  key: { mode: 'null', text: '' },
  value: { mode: 'text', text: '' },
  headers: [],
  partition: null,
};

export function toFieldInput({ mode, text }: FieldDraft): FieldInput {
  switch (mode) {
    case 'null':
      return null;
    case 'empty':
      return { encoding: 'text', text: '' };
    case 'text':
      return { encoding: 'text', text };
    case 'base64':
      return { encoding: 'base64', base64: text.trim() };
  }
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export type FieldFault = 'notBase64' | 'halfCharacter';

export function faultOf({ mode, text }: FieldDraft): FieldFault | null {
  if (mode === 'base64') return base64.test(text.trim()) ? null : 'notBase64';
  return mode === 'text' && !isEncodable(text) ? 'halfCharacter' : null;
}

export function isComplete(draft: RecordDraft): boolean {
  const fields = [draft.key, draft.value, ...draft.headers.map(({ value }) => value)];
  return fields.every((field) => faultOf(field) === null) && draft.headers.every(({ key }) => isEncodable(key));
}

export function toProduceInput(draft: RecordDraft): {
  partition: number | null;
  key: FieldInput;
  value: FieldInput;
  headers: { key: string; value: FieldInput }[];
} {
  return {
    partition: draft.partition,
    key: toFieldInput(draft.key),
    value: toFieldInput(draft.value),
    headers: draft.headers.map((header) => ({ key: header.key, value: toFieldInput(header.value) })),
  };
}
