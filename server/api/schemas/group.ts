// Inputs about consumer groups. Shared with forms.

import { clusterScope } from './cluster.ts';
import { utf8Text } from './text.ts';

/** What a string can hold on the wire. The empty id is a group too: Kafka keeps offsets committed without one under it. */
const maxGroupIdChars = 32_767;

export const groupScope = clusterScope.extend({ groupId: utf8Text(maxGroupIdChars) });
