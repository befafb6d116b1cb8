// The one way in which names from a cluster enter an address and come out of it again. Kafka lets a group be called "%", "..",
// "a/b" or nothing at all; browsers, proxies and Next each normalise or decode a path in their own way, Next twice. So a
// segment holds letters, digits and ._:@- only, and every other byte of the name as ~ and two hex digits: such a
// segment means the same however often it is decoded. The empty name is a lone ~.

const plain = /[\p{L}\p{N}._:@-]/u;
const emptyName = '~';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A dot that is more than a part of the name: "." and ".." are steps, and what ends on .rsc Next answers with data, not a page. */
const dotWithMeaning = /^\.|\.(?=rsc$)/g;

/** A name as one segment of a path. */
export function toSegment(name: string): string {
  if (name === '') return emptyName;
  const escaped = Array.from(name, (char) => (plain.test(char) ? char : escape(char))).join('');
  return encodeURIComponent(escaped.replaceAll(dotWithMeaning, escape));
}

/** The name in a segment, decoded by the router or not. What was not written by `toSegment` is taken as it stands. */
export function fromSegment(segment: string): string {
  const text = decodePercent(segment);
  if (text === emptyName) return '';
  return text.replaceAll(/(?:~[0-9A-F]{2})+/g, unescape);
}

export function topicPath(topic: string): string {
  return `topics/${toSegment(topic)}`;
}

export function partitionPath(topic: string, partition: number): string {
  return `${topicPath(topic)}/${partition}`;
}

export function groupPath(groupId: string): string {
  return `groups/${toSegment(groupId)}`;
}

/** A path with a query; what is undefined is left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const parts = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}

function escape(char: string): string {
  const bytes = [...new TextEncoder().encode(char)];
  return bytes.map((byte) => `~${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function unescape(escaped: string): string {
  const bytes = Uint8Array.from(escaped.slice(1).split('~'), (hex) => Number.parseInt(hex, 16));
  try {
    return utf8.decode(bytes);
  } catch {
    // Not UTF-8, so not ours: a name that happens to look escaped.
    return escaped;
  }
}

function decodePercent(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A router has decoded it already, and what it found holds a percent sign.
    return segment;
  }
}
