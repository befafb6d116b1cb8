// The drawer beside the case: what is known of the thing that was pointed at.
'use client';

import { BrokerInspector } from './broker-inspector.tsx';
import { ClientInspector } from './client-inspector.tsx';
import { GroupInspector } from './group-inspector.tsx';
import { PartitionInspector } from './partition-inspector.tsx';
import { RecordInspector } from './record-inspector.tsx';
import type { LiveView } from '../use-live-view.ts';
import type { PartitionRow } from '../partition-rows.ts';
import type { Scene } from '../scene/scene.ts';

export interface InspectorProps {
  readonly scene: Scene;
  readonly view: LiveView;
  readonly rows: readonly PartitionRow[];
}

export function Inspector({ scene, view, rows }: InspectorProps): React.JSX.Element | null {
  const { selection } = view;
  const close = (): void => view.select(null);
  if (selection === null) return null;
  switch (selection.kind) {
    case 'partition':
      return (
        <PartitionInspector scene={scene} rows={rows} topic={selection.topic} partition={selection.partition} view={view} onClose={close} />
      );
    case 'record':
      return (
        <RecordInspector
          key={`${selection.record.topic}-${selection.record.partition}-${selection.record.offset}`}
          record={selection.record}
          onClose={close}
        />
      );
    case 'broker':
      return <BrokerInspector scene={scene} brokerId={selection.brokerId} onClose={close} />;
    case 'group':
      return <GroupInspector scene={scene} groupId={selection.groupId} onClose={close} />;
    case 'client':
      return <ClientInspector scene={scene} cardKey={selection.cardKey} onClose={close} />;
  }
}
