// Settings in the metadata log: configs, feature levels, quotas. A null value, or the remove flag, takes the
// setting back.

import { defineRecord } from '../record-schema.ts';
import { array, bool, float64, int16, int8, string } from '../schema.ts';

/** One config of one resource. */
export const configRecord = defineRecord({
  type: 4,
  name: 'ConfigRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    resourceType: int8(),
    resourceName: string(),
    name: string(),
    value: string({ nullable: '0+' }),
  },
});

/** The finalised level of a feature. */
export const featureLevelRecord = defineRecord({
  type: 12,
  name: 'FeatureLevelRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    name: string(),
    featureLevel: int16(),
  },
});

/** One quota value of one entity. */
export const clientQuotaRecord = defineRecord({
  type: 14,
  name: 'ClientQuotaRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    entity: array('0+', {
      entityType: string(),
      entityName: string({ nullable: '0+' }),
    }),
    key: string(),
    value: float64(),
    remove: bool(),
  },
});
