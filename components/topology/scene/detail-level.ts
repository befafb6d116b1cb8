// Level of detail. The scene proposes a level by its size; a person's choice wins and stays.

export type DetailLevel = 'class' | 'team';
export type LevelChoice = DetailLevel | 'auto';

export interface SceneSize {
  readonly brokers: number;
  /** Copies on the shelves. */
  readonly cells: number;
  readonly recordsPerSecond: number;
}

/** What L1 is made for; see visual.md 4.4. Its dots are single records up to the cap, sampled beyond. */
export const classLimits: SceneSize = { brokers: 5, cells: 60, recordsPerSecond: 2_000 };

/** A level is left only when a limit is passed by this much, so that it doesn't flap at the edge. */
export const levelMargin = 0.15;

function exceeds(size: SceneSize, factor: number): boolean {
  return (
    size.brokers > classLimits.brokers ||
    size.cells > classLimits.cells * factor ||
    size.recordsPerSecond > classLimits.recordsPerSecond * factor
  );
}

/** The level to draw. */
export function chooseLevel(current: DetailLevel, size: SceneSize, choice: LevelChoice): DetailLevel {
  if (choice !== 'auto') return choice;
  if (current === 'class') return exceeds(size, 1 + levelMargin) ? 'team' : 'class';
  return exceeds(size, 1 - levelMargin) ? 'team' : 'class';
}
