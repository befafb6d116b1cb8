// The one thing a broker reads in a consumer's metadata: the topics it wants. The bytes come from a client, so
// everything is checked; what can't be understood is null and only means that offsets don't expire by topic.

/** Topics of a ConsumerProtocolSubscription: version (int16), then an array of strings; the rest doesn't matter. */
export function readSubscribedTopics(metadata: Uint8Array): readonly string[] | null {
  const view = new DataView(metadata.buffer, metadata.byteOffset, metadata.byteLength);
  if (view.byteLength < 6 || view.getInt16(0) < 0) return null;
  const count = view.getInt32(2);
  // A name takes at least its two length bytes, so a count beyond that is a lie.
  if (count < 0 || count > (view.byteLength - 6) / 2) return null;
  const topics: string[] = [];
  let at = 6;
  for (let index = 0; index < count; index += 1) {
    if (at + 2 > view.byteLength) return null;
    const length = view.getInt16(at);
    const end = at + 2 + length;
    if (length < 0 || end > view.byteLength) return null;
    const topic = decodeText(metadata.subarray(at + 2, end));
    if (topic === null) return null;
    topics.push(topic);
    at = end;
  }
  return topics;
}

// Topic names are ASCII; anything else names no topic of ours.
function decodeText(bytes: Uint8Array): string | null {
  return bytes.every((byte) => byte < 0x80) ? String.fromCharCode(...bytes) : null;
}
