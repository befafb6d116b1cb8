// The fixed measures of L2 that its cabinets and its pipes share.

export const teamFrame = { minWidth: 1520, minHeight: 616, firstX: 330, faceWidth: 176, columnStep: 228, firstTop: 96, cardX: 20, portX: 180, groupInset: 214 } as const;
