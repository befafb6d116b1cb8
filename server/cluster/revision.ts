// What one look at the whole cluster found, as the observer gives it to its sinks.

import type { ClusterError } from './cluster-error.ts';
import type { TopologySnapshot } from './live-model.ts';

export type Revision =
  | { readonly kind: 'picture'; readonly picture: TopologySnapshot }
  /** The cluster didn't answer. */
  | { readonly kind: 'lost'; readonly error: ClusterError; readonly atMs: number };

export type RevisionSink = (revision: Revision) => void;
