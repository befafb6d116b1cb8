// A topic before it exists: the form's value, its faults, and the call it becomes. Pure.
import { topicNameSchema } from '#server/api/schemas/topic.ts';

export interface ConfigDraft {
  readonly id: number;
  readonly key: string;
  readonly value: string;
}

export interface TopicDraft {
  readonly name: string;
  /** null asks for the broker's default. */
  readonly partitionCount: number | null;
  readonly replicationFactor: number | null;
  readonly configs: readonly ConfigDraft[];
}

export const emptyDraft: TopicDraft = { name: '', partitionCount: null, replicationFactor: null, configs: [] };

export type NameFault = 'empty' | 'too-long' | 'characters' | 'dots';

const faults: Readonly<Record<string, NameFault>> = {
  'topic-name-empty': 'empty',
  'topic-name-too-long': 'too-long',
  'topic-name-characters': 'characters',
  'topic-name-dots': 'dots',
};

export function nameProblem(name: string): NameFault | null {
  const parsed = topicNameSchema.safeParse(name);
  return parsed.success ? null : (faults[parsed.error.issues[0]?.message ?? ''] ?? 'characters');
}

export function isComplete(draft: TopicDraft): boolean {
  const areNamed = draft.configs.every((config) => config.key.trim() !== '' || config.value === '');
  return nameProblem(draft.name) === null && areNamed && isCount(draft.partitionCount, 100_000) && isCount(draft.replicationFactor, 32_767);
}

/** null leaves it to the broker; nought is not a count. */
function isCount(value: number | null, most: number): boolean {
  return value === null || (value >= 1 && value <= most);
}

export function toCreateInput(
  draft: TopicDraft,
  validateOnly: boolean,
): { name: string; partitionCount: number; replicationFactor: number; configs: Record<string, string>; validateOnly: boolean } {
  const named = draft.configs.filter((config) => config.key.trim() !== '');
  return {
    name: draft.name,
    partitionCount: draft.partitionCount ?? -1,
    replicationFactor: draft.replicationFactor ?? -1,
    configs: Object.fromEntries(named.map((config) => [config.key.trim(), config.value])),
    validateOnly,
  };
}

/** The call as Kafka's protocol names it, so that the person learns what the button does. */
export function describeCreate(draft: TopicDraft): string {
  const { name, partitionCount, replicationFactor, configs } = toCreateInput(draft, false);
  const settings = Object.entries(configs).map(([key, value]) => `  ${key}=${value}`);
  return [
    `CreateTopics ${name === '' ? '…' : name}`,
    `  numPartitions ${partitionCount}, replicationFactor ${replicationFactor}`,
    ...settings,
  ].join('\n');
}
