// Makes the cluster that this program runs known to the console: the ordinary adapter with the extras of the supervisor,
// and a recorder that writes its timeline whether or not anybody looks.

import type { World } from '#engine/world/ports.ts';
import { ControlClient } from '#server/supervisor/control-client.ts';
import type { SupervisorStatus } from '#server/supervisor/ipc.ts';
import { KafkaCluster } from '../kafka/kafka-cluster.ts';
import type { LagSettings } from '../observe/lag-settings.ts';
import type { EmbeddedCluster } from '../registry.ts';
import { storageKinds } from '../storage-trouble.ts';
import type { TimelineFact } from '../timeline/entry.ts';
import { FactTeller } from '../timeline/fact-entries.ts';
import { FollowWatch } from '../timeline/follow-watch.ts';
import { TimelineRecorder, type TimelineStore } from '../timeline/recorder.ts';
import { toTimelineFact } from './lab-over.ts';
import { EmbeddedExtras } from './embedded-extras.ts';
import { endedProcesses } from './process-watch.ts';
import { StorageWatch } from './storage-watch.ts';

export interface EmbeddedOptions {
  readonly clusterId: string;
  readonly controlSocket: string;
  readonly bootstrap: string;
  readonly world: World;
  readonly store: TimelineStore;
  /** What the timeline holds of these kinds, oldest first. */
  readonly stored: (kinds: readonly string[]) => Promise<readonly TimelineFact[]>;
  readonly lag?: LagSettings;
}

/** Connects to the supervisor at once; the cluster itself is opened when somebody looks. */
export function embeddedCluster({ clusterId, controlSocket, bootstrap, world, store, stored, lag }: EmbeddedOptions): EmbeddedCluster {
  const control = new ControlClient(controlSocket);
  const teller = new FactTeller();
  const recorder = new TimelineRecorder(clusterId, store);
  const follow = new FollowWatch((wanted) => control.wantRecords(wanted));
  const storage = new StorageWatch(() => world.clock.nowMs());
  let status: SupervisorStatus | null = null;
  const read = stored(storageKinds).then((facts) => storage.begin(facts));
  read.catch((error: unknown) => console.error('what brokers told of their disks before could not be read', error));
  control.listen((push) => {
    if (push.push === 'metrics') follow.expire(world.clock.nowMs());
    if (push.push === 'status') recorder.take(endedProcesses(status, push.status, world.clock.nowMs()));
    if (push.push === 'status') status = push.status;
    if (push.push === 'trace') {
      const told = teller.take(push.events);
      storage.take(told);
      recorder.take([...told, ...follow.take(push.events)]);
    }
    if (push.push === 'lab' && push.event !== null) recorder.take([toTimelineFact(push.event)]);
  });
  const mark = (fact: TimelineFact): void => recorder.take([fact]);
  return {
    name: 'This cluster',
    bootstrap,
    open: () =>
      new KafkaCluster({
        world,
        bootstrap,
        mark,
        ...(lag === undefined ? {} : { lag }),
        extras: new EmbeddedExtras(control, mark, storage),
      }),
  };
}
