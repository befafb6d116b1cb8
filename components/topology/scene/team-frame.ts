// The fixed measures of L2 that its cabinets and its pipes share.

export const teamFrame = {
  minHeight: 616,
  /** Riser, ports and cards of the groups. */ rightRoom: 330,
  firstX: 330,
  faceWidth: 176,
  columnStep: 228,
  firstTop: 96,
  cardX: 20,
  portX: 180,
  groupInset: 214,
} as const;
