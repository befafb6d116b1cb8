// What the form holds lives in the address: a link shows somebody else the same fault, ready to be made and not yet made.
'use client';

import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { faultKinds, type FaultKind, type FaultText } from './fault-form.ts';

const whats = ['request', 'response'] as const;

const parsers = {
  fault: parseAsStringLiteral(faultKinds),
  broker: parseAsString.withDefault(''),
  from: parseAsString.withDefault(''),
  to: parseAsString.withDefault(''),
  both: parseAsBoolean.withDefault(true),
  delay: parseAsString.withDefault('200'),
  skew: parseAsString.withDefault('60'),
  api: parseAsString.withDefault('0'),
  what: parseAsStringLiteral(whats).withDefault('request'),
  seconds: parseAsString.withDefault('30'),
};

export interface FaultDraft {
  /** null: the form is closed. */
  readonly text: FaultText | null;
  readonly change: (part: Partial<FaultText>) => void;
  readonly open: (kind: FaultKind, target: Partial<Pick<FaultText, 'broker' | 'from' | 'to'>>) => void;
  readonly close: () => void;
}

export function useFaultDraft(): FaultDraft {
  const [view, setView] = useQueryStates(parsers, { history: 'replace' });
  const { fault, ...rest } = view;
  return {
    text: fault === null ? null : { kind: fault, ...rest },
    change: ({ kind, ...part }) => void setView({ ...part, ...(kind === undefined ? {} : { fault: kind }) }),
    open: (kind, target) => void setView({ fault: kind, ...target }),
    close: () => void setView(null),
  };
}
