// Reading records: the question lives in the URL, the answer is kept until it is asked anew.
'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createParser, parseAsArrayOf, parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { ReadResult, RecordView } from '#server/cluster/port.ts';
import { fromPickedText, toPickedText } from './picked-text.ts';
import { parseRecordKey, positions, toPosition, type ReadQuery } from './read-query.ts';

const parseAsPicked = createParser<readonly string[]>({
  parse: fromPickedText,
  serialize: (keys) => {
    const text = toPickedText(keys);
    if (text === null) throw new Error('more records were picked than an address holds');
    return text;
  },
  eq: (left, right) => left.length === right.length && left.every((key, index) => key === right[index]),
});

const parsers = {
  topic: parseAsString,
  from: parseAsStringLiteral(positions).withDefault('newest'),
  offset: parseAsInteger.withDefault(0),
  at: parseAsString,
  p: parseAsArrayOf(parseAsInteger),
  limit: parseAsInteger.withDefault(100),
  open: parseAsString,
  picked: parseAsPicked.withDefault([]),
  produce: parseAsBoolean.withDefault(false),
  /** The time zone by its IANA name; absent: UTC. */
  tz: parseAsString,
};

export function useMessageView() {
  return useQueryStates(parsers, { history: 'replace' });
}

export type MessageView = ReturnType<typeof useMessageView>[0];
export type ChangeView = ReturnType<typeof useMessageView>[1];

export interface Messages {
  readonly result: ReadResult | null;
  readonly problem: Problem | null;
  readonly isReading: boolean;
  readonly atMs: number;
  readonly read: () => void;
}

export function useMessages(query: ReadQuery): Messages {
  const trpc = useTRPC();
  const input = {
    clusterId: useClusterId(),
    topic: query.topic ?? '',
    partitions: query.p === null || query.p.length === 0 ? null : [...query.p],
    from: toPosition(query),
    limit: query.limit,
  };
  const answer = useQuery(
    trpc.messages.read.queryOptions(input, {
      enabled: query.topic !== null,
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      placeholderData: keepPreviousData,
    }),
  );
  return {
    result: query.topic === null ? null : (answer.data ?? null),
    problem: answer.error === null ? null : toProblem(answer.error),
    isReading: answer.isFetching,
    atMs: answer.dataUpdatedAt,
    read: () => void answer.refetch(),
  };
}

const wholeFieldBytes = 1_048_576;

/** The open record in full; from the list when it is whole there, else read on its own. */
export function useOpenRecord(
  topic: string | null,
  open: string | null,
  records: readonly RecordView[],
): { readonly record: RecordView | null; readonly problem: Problem | null } {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const at = open === null ? null : parseRecordKey(open);
  const listed = at === null ? null : (records.find((record) => record.partition === at.partition && record.offset === at.offset) ?? null);
  const needsWhole = at !== null && topic !== null && (listed === null || isCut(listed));
  const answer = useQuery(
    trpc.messages.read.queryOptions(
      {
        clusterId,
        topic: topic ?? '',
        partitions: [at?.partition ?? 0],
        from: { kind: 'offset', offset: at?.offset ?? 0 },
        limit: 1,
        maxFieldBytes: wholeFieldBytes,
      },
      { enabled: needsWhole, staleTime: Infinity, refetchOnWindowFocus: false },
    ),
  );
  const whole = answer.data?.records.find((record) => record.offset === at?.offset) ?? null;
  return { record: needsWhole ? (whole ?? listed) : listed, problem: answer.error === null ? null : toProblem(answer.error) };
}

function isCut(record: RecordView): boolean {
  return [record.key, record.value, ...record.headers.map((header) => header.value)].some((field) => field?.isCut === true);
}

export interface TopicChoice {
  readonly name: string;
  readonly partitionCount: number;
}

export function useTopicChoices(): readonly TopicChoice[] {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.topics.list.queryOptions({ clusterId: useClusterId() }, { staleTime: 10_000 }));
  return data ?? [];
}
