// A record's fields in one line: name and value of those that say something, topics by their names. Pure.

/** What is never news, or only for machines. */
const silent = new Set([
  'version',
  'directories',
  'incarnationId',
  'logDirs',
  'endPoints',
  'features',
  'zkMigrationReady',
  'isMigratingZkBroker',
]);

/** A partition's change leaves these so where it changes nothing. */
const asBefore: Readonly<Record<string, unknown>> = { leader: -2, leaderRecoveryState: -1 };

export function saysOf(fields: string, topicNames: Readonly<Record<string, string>>): string {
  const value = parse(fields);
  if (value === null) return fields;
  return Object.entries(value)
    .flatMap(([name, one]) => {
      if (silent.has(name) || isNothing(one) || asBefore[name] === one) return [];
      const topic = name === 'topicId' && typeof one === 'string' ? topicNames[one] : undefined;
      return topic === undefined ? [`${name} ${plain(one)}`] : [`topic ${topic}`];
    })
    .join(', ');
}

/** null: it was cut, because it is very long. */
function parse(fields: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(fields);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/** Kafka's "as before", and empty lists. */
function isNothing(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'object' ? voterOf(one) : String(one))).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A list of voters is told by their ids. */
function voterOf(one: unknown): string {
  const id = (one as { readonly voterId?: unknown } | null)?.voterId;
  return id === undefined ? JSON.stringify(one) : String(id);
}
