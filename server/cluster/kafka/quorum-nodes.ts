// The metadata quorum node by node, where its processes can be asked.

import type { ClusterMetadata } from '#engine/client/cluster-metadata.ts';
import type { QuorumFacts } from '#engine/trace/process-link.ts';
import type { QuorumDetail, QuorumNode } from '../quorum-detail.ts';
import type { ClusterExtras } from './extras.ts';

const tailRecords = 60;

export async function askNodes(extras: ClusterExtras, nodeIds: readonly number[], metadata: ClusterMetadata | null): Promise<QuorumDetail> {
  const answers = await Promise.all(nodeIds.map((nodeId) => extras.quorumFacts(nodeId, tailRecords)));
  const told = answers.filter((one) => one !== null);
  const best = bestOf(told);
  return {
    nodes: nodeIds.map((nodeId, index) => toNode(nodeId, answers[index] ?? null)),
    // The leader of the newest epoch wrote it, but any node that holds the record tells the same.
    grantedBy: told.find((one) => one.epoch === best?.epoch && one.grantedBy !== null)?.grantedBy ?? null,
    tail: best?.tail ?? null,
    tailOf: best?.nodeId ?? null,
    highWatermark: best?.highWatermark ?? -1,
    topicNames: Object.fromEntries(
      [...(metadata?.topics.values() ?? [])].flatMap((one) => (one.topicId === null ? [] : [[one.topicId, one.name]])),
    ),
  };
}

/** The newest epoch's leader, else who has the longest log in it. */
function bestOf(told: readonly QuorumFacts[]): QuorumFacts | null {
  const leads = ({ role }: QuorumFacts): number => (role === 'leader' ? 1 : 0);
  return told.toSorted((a, b) => b.epoch - a.epoch || leads(b) - leads(a) || b.logEndOffset - a.logEndOffset)[0] ?? null;
}

function toNode(nodeId: number, facts: QuorumFacts | null): QuorumNode {
  if (facts === null) return { nodeId, facts: null };
  const { nodeId: _nodeId, grantedBy: _grantedBy, tail: _tail, ...known } = facts;
  return { nodeId, facts: known };
}
