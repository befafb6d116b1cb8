// Clients of a Kafka port that do not speak Kafka: browsers, TLS clients, port scanners. Read as a frame, their first bytes are
// a length of a gigabyte, which tells nobody what is wrong; this says it in words.
//
// A Kafka request begins with a length and an API key, both small: its first and its fifth byte are 0 for every request that a
// broker takes as the first of a connection, which none of these protocols begins with.

/** So many bytes of a connection tell which protocol it is. */
export const openingBytes = 16;

const httpStart = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT) |^PRI \* HTTP/;
const proxyVersion2 = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51];
/** A protocol of lines, when all of so many bytes are text. */
const textBytes = 8;

/** What is wrong with a connection that begins with these bytes; null when it may be Kafka's protocol. */
export function describeForeignProtocol(opening: Uint8Array): string | null {
  const text = String.fromCharCode(...opening.subarray(0, openingBytes));
  if (httpStart.test(text))
    return `the client speaks HTTP (${quote(text)}), and this port the Kafka protocol: open the console's address in a browser instead`;
  if (isTlsHello(opening)) return 'the client speaks TLS, and this listener is plaintext: set security.protocol=PLAINTEXT in the client';
  if (text.startsWith('PROXY ') || proxyVersion2.every((byte, index) => opening[index] === byte))
    return 'a proxy begins with the PROXY protocol, which this listener does not take: turn it off in the proxy';
  if (text.startsWith('SSH-')) return `the client speaks SSH (${quote(text)}), and this port the Kafka protocol`;
  if (opening.length >= textBytes && [...opening.subarray(0, textBytes)].every(isText))
    return `the client sends text (${quote(text)}), and this port speaks the Kafka protocol`;
  return null;
}

/** A TLS record of type handshake, of any version from SSL 3 on. */
function isTlsHello([type, major, minor]: Uint8Array): boolean {
  return type === 0x16 && major === 3 && minor !== undefined && minor <= 4;
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** The first line as far as it is known, without anything that a terminal would act on. */
function quote(text: string): string {
  return JSON.stringify((text.split(/[\r\n]/)[0] ?? '').replaceAll(/[^ -~]/g, '?'));
}
