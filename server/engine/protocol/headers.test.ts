// Headers: the exceptions that broke other brokers (ApiVersions' response, the client id's old form), and what a
// peer may send instead of a header.

import { describe, expect, test } from 'vitest';
import { DecodeError } from '#engine/bytes/errors.ts';
import { heartbeatApi } from './apis/12-heartbeat.ts';
import { saslHandshakeApi } from './apis/17-sasl-handshake.ts';
import { apiVersionsApi } from './apis/18-api-versions.ts';
import { allApis, apiByKey } from './apis/index.ts';
import { decodeRequest } from './codec.ts';
import {
  decodeRequestHeader,
  decodeResponseFrame,
  encodeRequestFrame,
  encodeResponseFrame,
  encodeResponseHeader,
  peekRequest,
  requestHeaderVersion,
  responseCorrelationId,
  responseHeaderVersion,
} from './headers.ts';

/** Hexadecimal written in groups, for the eye. */
const unspaced = (text: string): string => text.replaceAll(' ', '');

const whole = (chunks: readonly Uint8Array[]): Buffer => Buffer.concat(chunks);
const heartbeat = { groupId: 'g', generationId: 1, memberId: 'm' };

describe('request headers', () => {
  test.each([3, 4])('of Heartbeat v%i come back with the body behind them', (version) => {
    const frame = whole(encodeRequestFrame(heartbeatApi, { version, correlationId: 77, clientId: 'me' }, heartbeat)).subarray(4);
    const header = decodeRequestHeader(heartbeatApi, frame);
    expect(header).toEqual({ apiKey: 12, apiVersion: version, correlationId: 77, clientId: 'me', bodyAt: version === 4 ? 13 : 12 });
    expect(decodeRequest(heartbeatApi, version, frame, header.bodyAt)).toMatchObject(heartbeat);
  });

  test("keep the client id's old form in flexible versions, and may have none or an empty one", () => {
    const golden = Buffer.from(unspaced('000c 0004 00000001 ffff 00'), 'hex');
    expect(decodeRequestHeader(heartbeatApi, golden).clientId).toBeNull();
    const empty = whole(encodeRequestFrame(heartbeatApi, { version: 4, correlationId: 1, clientId: '' }, heartbeat)).subarray(4);
    expect(empty.toString('hex', 0, 11)).toBe(unspaced('000c0004000000010000 00'));
    expect(decodeRequestHeader(heartbeatApi, empty).clientId).toBe('');
  });

  test("skip tags that they don't know", () => {
    const tagged = Buffer.from(unspaced('000c 0004 00000001 0001 61 01 63 02 abcd'), 'hex');
    expect(decodeRequestHeader(heartbeatApi, tagged)).toMatchObject({ clientId: 'a', bodyAt: tagged.length });
  });

  test('can be peeked into for any key and version, and are undefined when there are too few bytes', () => {
    expect(peekRequest(Buffer.from(unspaced('0fff 7fff 00000009'), 'hex'))).toEqual({
      apiKey: 0x0fff,
      apiVersion: 0x7fff,
      correlationId: 9,
    });
    for (let size = 0; size < 8; size++) expect(peekRequest(Buffer.alloc(size))).toBeUndefined();
  });

  test('that are cut off anywhere throw a DecodeError', () => {
    const frame = whole(encodeRequestFrame(heartbeatApi, { version: 4, correlationId: 1, clientId: 'client' }, heartbeat)).subarray(4);
    const { bodyAt } = decodeRequestHeader(heartbeatApi, frame);
    for (let size = 0; size < bodyAt; size++) expect(() => decodeRequestHeader(heartbeatApi, frame.subarray(0, size))).toThrow(DecodeError);
  });
});

describe('response headers', () => {
  test('of ApiVersions have no tags in any version: a client reads them before it knows the broker', () => {
    for (const version of [0, 1, 2, 3, 4]) {
      expect(responseHeaderVersion(apiVersionsApi, version)).toBe(0);
      expect(whole([encodeResponseHeader(apiVersionsApi, version, 5)]).toString('hex')).toBe('00000005');
    }
  });

  test('have tags exactly in flexible versions of all other APIs', () => {
    for (const api of allApis.filter((other) => other !== apiVersionsApi)) {
      for (let version = api.versions.min; version <= api.versions.max; version++) {
        expect(responseHeaderVersion(api, version)).toBe(requestHeaderVersion(api, version) - 1);
      }
    }
    expect(requestHeaderVersion(saslHandshakeApi, 1)).toBe(1);
  });

  test.each([3, 4])('of Heartbeat v%i are read with their body', (version) => {
    const frame = whole(encodeResponseFrame(heartbeatApi, { version, correlationId: 8 }, { errorCode: 27 }));
    expect(frame.readInt32BE()).toBe(frame.length - 4);
    expect(responseCorrelationId(frame, 4)).toBe(8);
    expect(decodeResponseFrame(heartbeatApi, version, frame.subarray(4))).toEqual({ throttleTimeMs: 0, errorCode: 27 });
  });

  test('an unsupported ApiVersions version is answered in version 0 with the list, which an old client can read', () => {
    const frame = whole(
      encodeResponseFrame(
        apiVersionsApi,
        { version: 0, correlationId: 1 },
        { errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] },
      ),
    );
    expect(frame.toString('hex')).toBe(unspaced('00000010 00000001 0023 00000001 001200000004'));
  });
});

describe('the table of APIs', () => {
  test('finds every key, and nothing for keys that are gone or never were', () => {
    for (const api of allApis) expect(apiByKey(api.key)).toBe(api);
    for (const key of [4, 5, 6, 7, -1, 93, 1000]) expect(apiByKey(key)).toBeUndefined();
  });
});
