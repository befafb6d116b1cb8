// What DescribeConfigs says of a config to whoever asks for its documentation (v3+): what it is for, and whether it acts here.

import { withoutEffect } from './config-effect.ts';
import { configResourceTypes } from '../records.ts';
import { documentationAToK } from './documentation-a-k.ts';
import { documentationLToR } from './documentation-l-r.ts';
import { documentationOfGroups } from './documentation-groups.ts';
import { documentationOfResources } from './documentation-resources.ts';
import { documentationSToZ } from './documentation-s-z.ts';
import { maxPartitionsConfig } from './own-configs.ts';

const ofBrokers: Readonly<Record<string, string>> = {
  ...documentationAToK,
  ...documentationLToR,
  ...documentationSToZ,
  ...documentationOfGroups,
  [maxPartitionsConfig]: 'How many replicas this broker may hold; one more is refused before anything is written.',
};

/** null for a config that nobody knows. */
export function documentationOf(resourceType: number, name: string): string | null {
  const text = (resourceType === configResourceTypes.broker ? ofBrokers : documentationOfResources)[name];
  const silent = withoutEffect(resourceType, name);
  if (text === undefined) return null;
  return silent === null ? text : `${text} Has no effect here: ${silent.reason}.`;
}
