// The fixed measures of L1 that its shelves and its pipes share.

export const classFrame = {
  minWidth: 1206,
  minHeight: 618,
  cardX: 20,
  portX: 180,
  faceStart: 318,
  faceWidth: 232,
  faceStep: 336,
  faceEnd: 318 + 336 + 232,
  groupInset: 188,
} as const;

/** How many places a side has, and where its ports stand. */
export interface PortLine {
  readonly capacity: number;
  readonly firstY: number;
  readonly lastY: number;
}
