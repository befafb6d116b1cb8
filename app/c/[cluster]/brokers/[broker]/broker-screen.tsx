// Puts the broker page together with the room of the moves: they don't know each other.
'use client';

import { BrokerPage } from '#components/brokers/broker-page.tsx';
import { DrainBroker } from '#components/moves/drain-broker.tsx';
import { ElectFirst } from '#components/moves/elect-first.tsx';
import { MovesUnderWay } from '#components/moves/moves-under-way.tsx';
import type { BrokerReplica } from '#server/cluster/partition-replicas.ts';

export function BrokerScreen({ brokerId }: { readonly brokerId: number }): React.JSX.Element {
  return (
    <BrokerPage
      brokerId={brokerId}
      underWay={<MovesUnderWay brokerId={brokerId} />}
      actions={(copies) => (
        <>
          <ElectFirst brokerId={brokerId} places={(copies ?? []).filter(shouldLead)} />
          <DrainBroker brokerId={brokerId} />
        </>
      )}
    />
  );
}

/** Only a copy that is in sync can be elected. */
function shouldLead({ isPreferred, isLeader, isInSync }: BrokerReplica): boolean {
  return isPreferred && !isLeader && isInSync;
}
