// Puts the Live page together: the picture, the event lane, the telling of elections and the demo panel are rooms that
// don't know each other; here they meet over one feed and one moment.
'use client';

import { parseAsBoolean, useQueryState } from 'nuqs';
import { DemoButton } from '#components/demo/demo-button.tsx';
import { DemoPanel } from '#components/demo/demo-panel.tsx';
import { useDemo } from '#components/demo/use-demo.ts';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { ElectionPlaque } from '#components/timeline/election-plaque.tsx';
import { EventLane } from '#components/timeline/event-lane.tsx';
import { useElection } from '#components/timeline/use-election.ts';
import { useLane } from '#components/timeline/use-lane.ts';
import { LiveRoom } from '#components/topology/live-room.tsx';
import { useLiveFeed } from '#components/topology/use-live-feed.ts';
import { useLiveView } from '#components/topology/use-live-view.ts';
import { usePast, useRecordSpan } from '#components/topology/use-past.ts';

export function LivePage(): React.JSX.Element {
  const feed = useLiveFeed();
  const view = useLiveView();
  const { atMs } = view;
  const span = useRecordSpan();
  const lane = useLane(feed, { atMs, pausedAtMs: view.isPaused && feed.scene.shownMs > 0 ? feed.scene.shownMs : null });
  const told = useElection(lane.events, { atMs, nowMs: lane.lastMs });
  const past = usePast(atMs, feed, told.election !== null);
  const [isDemoOpen, setDemoOpen] = useQueryState('demo', parseAsBoolean.withDefault(false));
  const hasDemo = useCapabilities()?.demoTraffic.available === true;
  const demo = useDemo({ isOpen: isDemoOpen, isAvailable: hasDemo });
  const open = (): void => {
    view.select(null);
    void setDemoOpen(true);
  };
  const close = (): void => void setDemoOpen(false);
  return (
    <LiveRoom
      feed={feed}
      view={view}
      past={past}
      span={span}
      lane={<EventLane lane={lane} atMs={atMs} onMoment={view.goTo} />}
      plaque={
        told.election === null ? null : <ElectionPlaque election={told.election} atMs={atMs} onMoment={view.goTo} onClose={told.close} />
      }
      rings={told.rings}
      onDemo={hasDemo ? open : null}
      // Traffic is started now, not in the past; and a moment's sentence needs the room.
      demoButton={hasDemo && atMs === null ? <DemoButton demo={demo} isOpen={isDemoOpen} onToggle={isDemoOpen ? close : open} /> : null}
      demoPanel={hasDemo && isDemoOpen ? <DemoPanel demo={demo} onClose={close} /> : null}
    />
  );
}
