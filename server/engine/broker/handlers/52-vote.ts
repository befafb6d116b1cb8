// Vote: a candidate for the metadata quorum asks, or asks whether it should ask (pre-vote, v2).

import { voteApi } from '#engine/protocol/apis/52-vote.ts';
import { defineHandler } from '../context.ts';

export const voteHandler = defineHandler(voteApi, (request, from, broker) => broker.quorum.handle(voteApi, request, from), ['controller']);
