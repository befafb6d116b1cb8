import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { encodeRequestFrame } from '#engine/protocol/headers.ts';
import { describeForeignProtocol, openingBytes } from './foreign-protocol.ts';

const told = (text: string): string | null => describeForeignProtocol(Buffer.from(text, 'latin1'));

describe('the first bytes of a connection', () => {
  test.each([
    ['GET / HTTP/1.1\r\nHost: x\r\n', 'the client speaks HTTP ("GET / HTTP/1.1"), and this port the Kafka protocol: open the console'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n', 'speaks HTTP'],
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc', 'speaks TLS, and this listener is plaintext: set security.protocol=PLAINTEXT'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'speaks SSH ("SSH-2.0-OpenSSH_")'],
    ['PROXY TCP4 1.2.3.4 ', 'PROXY protocol'],
    ['\r\n\r\n\x00\r\nQUIT', 'PROXY protocol'],
    ['*1\r\n$4\r\nPING\r\n', 'sends text ("*1")'],
  ])('%j say what it is', (opening, words) => {
    expect(told(opening)).toContain(words);
  });

  test('nothing that a terminal would act on gets into the log', () => {
    expect(told('GET \x1b[2J\x07 HTTP')).toContain('"GET ?[2J? HTTP"');
  });

  test('a Kafka request is never taken for anything else, in however many pieces it comes', () => {
    const name = fc.string({ maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), name, fc.integer({ min: 0, max: openingBytes }), (version, clientId, pieceBytes) => {
        const chunks = encodeRequestFrame(
          apiVersionsApi,
          { version, correlationId: 1, clientId },
          { clientSoftwareName: 'librdkafka', clientSoftwareVersion: '2.3.0' },
        );
        const opening = Buffer.concat(chunks).subarray(0, Math.min(pieceBytes, openingBytes));
        expect(describeForeignProtocol(opening)).toBeNull();
      }),
    );
  });
});
