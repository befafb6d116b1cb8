// The mark of an event; the same kinds wear the same shapes in the incident list and on the charts.

import styles from './event-lane.module.css';
import type { LaneKind } from './lane-model.ts';

export function LaneMarkShape({ kind }: { readonly kind: LaneKind }): React.JSX.Element {
  switch (kind) {
    case 'elect':
    case 'controller':
      return <path className={styles.solid} d="M-5.4 4L-6-3l3.4 2.4L0-5l2.6 4.4L6-3l-.6 7z" />;
    case 'unclean':
      return <path className={styles.bad} d="M-5.4 4.4L-6-3.4l3.4 2.4L0-5.4l2.6 4.4L6-3.4l-.6 7.8M-5.4 4.4H-1.6M1.6 4.4H5.4" />;
    case 'up':
    case 'expand':
    case 'diskRoom':
      return <path className={styles.solid} d="M0-5.5L5 0L0 5.5L-5 0z" />;
    case 'down':
    case 'trouble':
    case 'diskFull':
    case 'damaged':
      return <path className={styles.bad} d="M-4.5-4.5L4.5 4.5M4.5-4.5L-4.5 4.5" />;
    case 'shrink':
    case 'isr':
    case 'truncated':
    case 'uncleanable':
      return <path className={styles.watch} d="M-5.5-4.5L0 0L-5.5 4.5M5.5-4.5L0 0L5.5 4.5" />;
    case 'follow':
      return <path className={styles.open} d="M-5.5 0H4.5M0.5-4L4.5 0L0.5 4" />;
    case 'rebalance':
      return <path className={styles.open} d="M-5-1.5A5 5 0 0 1 4.4-2.6M5 1.5A5 5 0 0 1-4.4 2.6" />;
    case 'topic':
    case 'partitions':
      return <path className={styles.open} d="M-4.5-4.5h9v9h-9zM0-2.5v5M-2.5 0h5" />;
    case 'topicGone':
      return <path className={styles.open} d="M-4.5-4.5h9v9h-9zM-2.5 0h5" />;
    case 'fault':
      return <path className={styles.open} d="M0-5.2L5.4 4.4h-10.8z" />;
    case 'demo':
      return <path className={styles.solid} d="M-4-5.5L5.5 0L-4 5.5z" />;
    default:
      return <circle className={styles.open} r="4.5" />;
  }
}
