// The one error that adapters and jobs throw. What a person sees of it says what happened (`trouble`), which kind of
// answer it is (`code`) and what to do next (`advice`); the first and the last are data, worded by the screens.
// `message` has the English words, for logs and for who calls the API without a screen.

import { adviceWords, troubleWords, type Advice, type ToldTrouble, type Trouble } from './trouble.ts';

/** What an adapter throws: `code` is Kafka's own error name, or one of ours for what is not an answer. */
export type ClusterErrorCode = string | 'CLUSTER_LOST' | 'TIMED_OUT' | 'UNAVAILABLE' | 'INVALID_INPUT' | 'CANCELLED';

export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;
  readonly trouble: Trouble;
  /** What the person can do next, when it is known. */
  readonly advice: Advice | null;
  /** With CLUSTER_LOST: each address that was tried, with what happened there. */
  readonly tries: readonly { readonly address: string; readonly reason: string }[];
  constructor(code: ClusterErrorCode, trouble: Trouble, options: ClusterErrorOptions = {}) {
    super(troubleWords(trouble), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.trouble = trouble;
    this.advice = options.advice ?? null;
    this.tries = options.tries ?? [];
  }
}

export interface ClusterErrorOptions {
  readonly advice?: Advice | null;
  readonly tries?: readonly { readonly address: string; readonly reason: string }[];
  readonly cause?: unknown;
}

/** By name, not by class: Next bundles routes apart, so one process may hold this module twice. */
export function isClusterError(error: unknown): error is ClusterError {
  return error instanceof Error && error.name === 'ClusterError';
}

export function toldTrouble({ trouble, advice }: ClusterError): ToldTrouble {
  return { kind: trouble.kind, params: { ...trouble.params }, advice };
}

/** In English. */
export function adviceOf({ advice }: ClusterError): string | null {
  return advice === null ? null : adviceWords[advice];
}
