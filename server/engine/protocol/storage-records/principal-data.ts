// The principal of a forwarded request, inside Envelope. Written with its version in front.

import { bool, defineMessage, string } from '../schema.ts';

export const defaultPrincipalData = defineMessage({
  name: 'DefaultPrincipalData',
  versions: '0',
  flexible: '0+',
  fields: {
    type: string(),
    name: string(),
    tokenAuthenticated: bool(),
  },
});
