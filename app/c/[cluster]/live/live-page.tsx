// Puts the Live page together: the picture, the event lane and the demo panel are rooms that don't know each other;
// here they meet over one feed.
'use client';

import { parseAsBoolean, useQueryState } from 'nuqs';
import { DemoButton } from '#components/demo/demo-button.tsx';
import { DemoPanel } from '#components/demo/demo-panel.tsx';
import { useDemo } from '#components/demo/use-demo.ts';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { EventLane } from '#components/timeline/event-lane.tsx';
import { LiveRoom } from '#components/topology/live-room.tsx';
import { useLiveFeed } from '#components/topology/use-live-feed.ts';
import { useLiveView } from '#components/topology/use-live-view.ts';

export function LivePage(): React.JSX.Element {
  const feed = useLiveFeed();
  const view = useLiveView();
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
      lane={<EventLane feed={feed} pausedAtMs={view.isPaused && feed.scene.shownMs > 0 ? feed.scene.shownMs : null} />}
      onDemo={hasDemo ? open : null}
      demoButton={hasDemo ? <DemoButton demo={demo} isOpen={isDemoOpen} onToggle={isDemoOpen ? close : open} /> : null}
      demoPanel={hasDemo && isDemoOpen ? <DemoPanel demo={demo} onClose={close} /> : null}
    />
  );
}
