// Who may do what, in the metadata log: access rules, SCRAM credentials, delegation tokens.

import { defineRecord } from '../record-schema.ts';
import { array, bytes, int32, int64, int8, string, uuid } from '../schema.ts';

/** An access rule. */
export const accessControlEntryRecord = defineRecord({
  type: 18,
  name: 'AccessControlEntryRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    id: uuid(),
    resourceType: int8(),
    resourceName: string(),
    patternType: int8(),
    principal: string(),
    host: string(),
    operation: int8(),
    permissionType: int8(),
  },
});

/** An access rule went. */
export const removeAccessControlEntryRecord = defineRecord({
  type: 19,
  name: 'RemoveAccessControlEntryRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    id: uuid(),
  },
});

/** A user's salted SCRAM credential. */
export const userScramCredentialRecord = defineRecord({
  type: 11,
  name: 'UserScramCredentialRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    name: string(),
    mechanism: int8(),
    salt: bytes(),
    storedKey: bytes(),
    serverKey: bytes(),
    iterations: int32(),
  },
});

/** A SCRAM credential went. */
export const removeUserScramCredentialRecord = defineRecord({
  type: 22,
  name: 'RemoveUserScramCredentialRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    name: string(),
    mechanism: int8(),
  },
});

/** A delegation token. */
export const delegationTokenRecord = defineRecord({
  type: 10,
  name: 'DelegationTokenRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    owner: string(),
    requester: string(),
    renewers: array('0+', string()),
    issueTimestamp: int64(),
    maxTimestamp: int64(),
    expirationTimestamp: int64(),
    tokenId: string(),
  },
});

/** A delegation token went. */
export const removeDelegationTokenRecord = defineRecord({
  type: 26,
  name: 'RemoveDelegationTokenRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    tokenId: string(),
  },
});
