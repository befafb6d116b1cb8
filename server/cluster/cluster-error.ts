// The one error that adapters and jobs throw. What a person sees of it says what happened (`message`), which kind
// it is (`code`) and what to do next (`advice`).

/** What an adapter throws: `code` is Kafka's own error name, or one of ours for what is not an answer. */
export type ClusterErrorCode = string | 'CLUSTER_LOST' | 'TIMED_OUT' | 'UNAVAILABLE' | 'INVALID_INPUT' | 'CANCELLED';

export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;
  /** What the person can do next, when it is known. */
  readonly advice: string | null;
  /** With CLUSTER_LOST: each address that was tried, with what happened there. */
  readonly tries: readonly { readonly address: string; readonly reason: string }[];
  constructor(code: ClusterErrorCode, message: string, options: ClusterErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.advice = options.advice ?? null;
    this.tries = options.tries ?? [];
  }
}

export interface ClusterErrorOptions {
  readonly advice?: string | null;
  readonly tries?: readonly { readonly address: string; readonly reason: string }[];
  readonly cause?: unknown;
}

/** By name, not by class: Next bundles routes apart, so one process may hold this module twice. */
export function isClusterError(error: unknown): error is ClusterError {
  return error instanceof Error && error.name === 'ClusterError';
}
