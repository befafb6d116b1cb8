// Nominal types over plain values, so that a topic id can't be passed where a topic name is meant.
// Makers are the only places that use `as`.

declare const brandTag: unique symbol;

/** A `Value` that only its maker can produce. */
export type Brand<Value, Name extends string> = Value & { readonly [brandTag]: Name };

/** A topic's 128-bit id in Kafka's own text form: 22 characters of unpadded base64url. */
export type TopicId = Brand<string, 'TopicId'>;

/** The id that stands for "no topic id" on the wire: sixteen zero bytes. */
export const zeroTopicId = 'AAAAAAAAAAAAAAAAAAAAAA' as TopicId;

/** Takes the text form of a topic id as the protocol codec decodes it. */
export function toTopicId(text: string): TopicId {
  return text as TopicId;
}

/** `topic-partition`, the name Kafka gives a partition's directory; a map key for partitions. */
export type PartitionName = Brand<string, 'PartitionName'>;

/** Builds the map key of a partition. */
export function toPartitionName(topic: string, partition: number): PartitionName {
  return `${topic}-${partition}` as PartitionName;
}
