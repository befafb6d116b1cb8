// DeleteTopics, by name or by id (v6): decided by the active controller. Switched off by delete.topic.enable, which clients
// before v3 know no error code for.

import { deleteTopicsApi } from '#engine/protocol/apis/20-delete-topics.ts';
import { zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { defineHandler } from '../context.ts';

const firstVersionWithDisabledError = 3;

export const deleteTopicsHandler = defineHandler(
  deleteTopicsApi,
  (request, from, broker) => {
    if (broker.config.get('delete.topic.enable')) return broker.controller.forward(deleteTopicsApi, request, from);
    const errorCode = from.apiVersion < firstVersionWithDisabledError ? errorCodes.INVALID_REQUEST : errorCodes.TOPIC_DELETION_DISABLED;
    const asked = [...request.topics, ...request.topicNames.map((name) => ({ name, topicId: zeroTopicId }))];
    return { responses: asked.map(({ name, topicId }) => ({ name, topicId, errorCode, errorMessage: 'Topic deletion is disabled.' })) };
  },
  ['broker', 'controller'],
);
