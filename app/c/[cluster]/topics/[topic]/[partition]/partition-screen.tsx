// Puts the partition page together with the room of the moves: they don't know each other.
'use client';

import { ElectFirst } from '#components/moves/elect-first.tsx';
import { MoveReplicas } from '#components/moves/move-replicas.tsx';
import { MovesUnderWay } from '#components/moves/moves-under-way.tsx';
import { PartitionPage } from '#components/partitions/partition-page.tsx';
import type { PartitionReplicas } from '#server/cluster/partition-replicas.ts';

interface ScreenProps {
  readonly topic: string;
  readonly number: number;
}

export function PartitionScreen({ topic, number }: ScreenProps): React.JSX.Element {
  const place = { topic, partition: number };
  return <PartitionPage topic={topic} number={number} actions={actionsOf} underWay={<MovesUnderWay place={place} />} />;
}

function actionsOf(partition: PartitionReplicas): React.ReactNode {
  const first = partition.replicas[0];
  const isElsewhere = partition.leaderId !== null && first !== undefined && !first.isLeader && first.isInSync;
  return (
    <>
      {isElsewhere ? <ElectFirst brokerId={first.brokerId} places={[partition]} /> : null}
      <MoveReplicas partition={partition} />
    </>
  );
}
