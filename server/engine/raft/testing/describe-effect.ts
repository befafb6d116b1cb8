// Effects in words: one line each, as the transcripts under testdata show them.

import type { RaftEffect, RaftReply, RaftRequest } from '../messages.ts';

/** One line an effect, as the transcripts under testdata show it. */
export function describe(effect: RaftEffect): string {
  switch (effect.kind) {
    case 'save-vote':
      return `save-vote epoch=${effect.vote.epoch} leader=${effect.vote.leaderId ?? '-'} voted=${effect.vote.votedId ?? '-'}`;
    case 'append-leader-change':
      return `append-leader-change offset=${effect.baseOffset} epoch=${effect.epoch} by=${[...effect.grantingVoters].sort().join(',')}`;
    case 'append-voters':
      return `append-voters offset=${effect.baseOffset} epoch=${effect.epoch} voters=${effect.set.voters.map((voter) => voter.nodeId).join(',')}`;
    case 'answer-voters':
      return `answer-voters ${effect.outcome}`;
    case 'append':
      return `append ${effect.batches.map((batch) => `${batch.baseOffset}..${batch.lastOffset}@${batch.epoch}`).join(' ')}`;
    case 'truncate':
      return `truncate end=${effect.endOffset}`;
    case 'flush':
      return `flush end=${effect.endOffset}`;
    case 'send':
      return `send ${effect.to} ${describeRequest(effect.request)}`;
    case 'reply':
      return `reply ${describeReply(effect.reply)}`;
    case 'commit':
      return `commit ${effect.highWatermark}`;
    case 'leader-known':
      return `leader-known epoch=${effect.epoch} leader=${effect.leaderId ?? '-'} (${effect.cause})`;
    case 'append-refused':
      return `append-refused epoch=${effect.epoch}`;
    case 'snapshot-piece':
      return `snapshot-piece ${effect.id.offset}-${effect.id.epoch} at=${effect.position} bytes=${effect.bytes.length}`;
    case 'install-snapshot':
      return `install-snapshot ${effect.id.offset}-${effect.id.epoch}`;
  }
}

function describeRequest(request: RaftRequest): string {
  switch (request.kind) {
    case 'vote':
      return `${request.isPreVote ? 'pre-vote' : 'vote'} epoch=${request.epoch} last=${request.lastOffset}@${request.lastEpoch}`;
    case 'begin-epoch':
      return `begin-epoch ${request.epoch}`;
    case 'end-epoch':
      return `end-epoch ${request.epoch} successors=${request.preferredSuccessors.join(',')}`;
    case 'fetch':
      return `fetch epoch=${request.epoch} from=${request.fetchOffset}@${request.lastFetchedEpoch} hw=${request.highWatermark}`;
    case 'fetch-snapshot':
      return `fetch-snapshot ${request.id.offset}-${request.id.epoch} at=${request.position}`;
  }
}

function describeReply(reply: RaftReply): string {
  const head = `${reply.kind} epoch=${reply.epoch} leader=${reply.leaderId ?? '-'}${reply.error === 'none' ? '' : ` error=${reply.error}`}`;
  if (reply.kind === 'vote') return `${head} ${reply.isGranted ? 'granted' : 'rejected'}`;
  if (reply.kind === 'fetch-snapshot') return `${head} ${reply.id.offset}-${reply.id.epoch} at=${reply.position}`;
  return reply.kind === 'fetch' ? `${head} hw=${reply.highWatermark} ${describeContent(reply.content)}` : head;
}

function describeContent(content: Extract<RaftReply, { kind: 'fetch' }>['content']): string {
  switch (content.kind) {
    case 'nothing':
      return 'nothing';
    case 'from':
      return `from=${content.offset}`;
    case 'batches':
      return `batches=${content.batches.length}`;
    case 'diverging':
      return `diverging=${content.endOffset}@${content.epoch}`;
    case 'snapshot':
      return `snapshot=${content.id.offset}-${content.id.epoch}`;
  }
}
