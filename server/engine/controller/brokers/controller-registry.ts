// ControllerRegistration (key 70): the voters' addresses and features in the log, for tools and for feature changes.

import type { TopicId } from '#engine/base/brand.ts';
import { answerOnly, type ControllerView, type Decision } from '../decision.ts';
import type { EndpointRecord, FeatureRange } from '../records.ts';

export interface ControllerRegistrationRequest {
  readonly controllerId: number;
  readonly incarnationId: TopicId;
  readonly listeners: readonly EndpointRecord[];
  readonly features: readonly FeatureRange[];
}

export function decideControllerRegistration(
  view: ControllerView,
  request: ControllerRegistrationRequest,
): Decision<{ readonly errorCode: number; readonly errorMessage: string | null }> {
  const answer = { errorCode: 0, errorMessage: null };
  if (view.image.controllers.get(request.controllerId)?.incarnationId === request.incarnationId) return answerOnly(answer);
  const { controllerId, incarnationId, listeners, features } = request;
  return { records: [{ type: 'RegisterController', controllerId, incarnationId, endPoints: listeners, features }], answer };
}
