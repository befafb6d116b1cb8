// The features (KIP-584) that this engine can run with, and between which levels.

export interface FeatureRange { readonly name: string; readonly minVersion: number; readonly maxVersion: number }

export const supportedFeatures: readonly FeatureRange[] = [
  // 3.3-IV3 to 4.3-IV0.
  { name: 'metadata.version', minVersion: 7, maxVersion: 30 },
  { name: 'kraft.version', minVersion: 0, maxVersion: 1 },
];
