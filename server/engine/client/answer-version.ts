// The one answer whose form is not the request's: a broker that doesn't know our version of ApiVersions can't answer
// in it, so it answers error 35 in the form of version 0, with its own ranges.

import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Api } from '#engine/protocol/schema.ts';

/** ApiVersions always has the oldest header: the correlation id, then the error code. */
const errorCodeAt = 4;

/** The version in which the answer to a request of `version` is written. */
export function answerVersion(api: Api, version: number, frame: Uint8Array): number {
  if (api.key !== apiVersionsApi.key || frame.length < errorCodeAt + 2) return version;
  const errorCode = (((frame[errorCodeAt]! << 8) | frame[errorCodeAt + 1]!) << 16) >> 16;
  return errorCode === errorCodes.UNSUPPORTED_VERSION ? 0 : version;
}
