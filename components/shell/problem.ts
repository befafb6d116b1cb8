// Turns whatever a call failed with into what a person can read: what happened, the code, what to do next.
import type { Problem } from '#components/ui/notice.tsx';

export interface Try {
  readonly address: string;
  readonly reason: string;
}

interface KafkaData {
  readonly code?: unknown;
  readonly advice?: unknown;
  readonly tries?: unknown;
}

export function toProblem(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const kafka = kafkaData(error);
  return {
    message,
    code: typeof kafka.code === 'string' ? kafka.code : null,
    advice: typeof kafka.advice === 'string' ? kafka.advice : null,
  };
}

/** Whether nobody answered at all: no broker, or no console server. */
export function isContactLost(error: unknown): boolean {
  const code = kafkaData(error).code;
  if (code === 'CLUSTER_LOST') return true;
  return error instanceof Error && error.name === 'TRPCClientError' && field(error, 'data') === undefined;
}

export function triesOf(error: unknown): readonly Try[] {
  const { tries } = kafkaData(error);
  return Array.isArray(tries) ? tries.filter(isTry) : [];
}

function kafkaData(error: unknown): KafkaData {
  const kafka = field(field(error, 'data'), 'kafka');
  return typeof kafka === 'object' && kafka !== null ? kafka : {};
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? ((value as Record<string, unknown>)[name] ?? undefined) : undefined;
}

function isTry(value: unknown): value is Try {
  return typeof field(value, 'address') === 'string' && typeof field(value, 'reason') === 'string';
}
