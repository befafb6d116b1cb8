// Levels of detail and the sizes of cell that each may have.

export const detailLevels = ['class', 'team', 'operations', 'fleet'] as const;
export type DetailLevel = (typeof detailLevels)[number];
export type LevelChoice = DetailLevel | 'auto';

/** One way to draw the cluster: a level and the width of its cells in pixels. */
export interface Detail {
  readonly level: DetailLevel;
  readonly cell: number;
}

/** What is counted to find the detail; a layout's places follow from the same numbers. */
export interface SceneCounts {
  readonly brokers: number;
  /** Brokers in each row of the team level. */
  readonly rows: readonly number[];
  /** By slot: the partitions of a topic. */
  readonly topicSizes: readonly number[];
  /** Replicas on the fullest broker. */
  readonly mostCells: number;
}

/** The window's room, in pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
}
