// The fields of the plan: who writes, who reads.
'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { DrawerSection } from '#components/ui/drawer.tsx';
import { bounds, numberFields, type NumberField, type PlanField, type PlanText } from './plan-form.ts';
import styles from './demo.module.css';

export interface PlanFieldsProps {
  readonly text: PlanText;
  readonly wrong: ReadonlySet<PlanField> | null;
  readonly onChange: (field: PlanField, value: string) => void;
}

const labels = {
  topic: 'topic',
  partitions: 'partitions',
  producers: 'producers',
  ratePerSecond: 'rate',
  keyCount: 'keys',
  valueBytes: 'size',
  groupId: 'group',
  consumers: 'consumers',
} as const satisfies Readonly<Record<PlanField, string>>;

export function PlanFields(props: PlanFieldsProps): React.JSX.Element {
  const t = useTranslations('demo');
  const writes: readonly PlanField[] = ['topic', 'partitions', 'producers', 'ratePerSecond', 'keyCount', 'valueBytes'];
  return (
    <>
      <DrawerSection title={t('produce')}>
        <div className={styles.fields}>
          {writes.map((field) => (
            <PlanInput key={field} field={field} {...props} />
          ))}
        </div>
      </DrawerSection>
      <DrawerSection title={t('consume')}>
        <div className={styles.fields}>
          <PlanInput field="groupId" {...props} />
          <PlanInput field="consumers" {...props} />
        </div>
      </DrawerSection>
    </>
  );
}

function isNumber(field: PlanField): field is NumberField {
  return numberFields.some((one) => one === field);
}

function PlanInput({ field, text, wrong, onChange }: PlanFieldsProps & { readonly field: PlanField }): React.JSX.Element {
  const t = useTranslations('demo');
  const id = useId();
  const isWrong = wrong?.has(field) === true;
  return (
    <div className={styles.field} data-wide={isNumber(field) ? undefined : ''}>
      <label htmlFor={id}>{t(labels[field])}</label>
      <input
        id={id}
        value={text[field]}
        inputMode={isNumber(field) ? 'numeric' : 'text'}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-wrong` : undefined}
        onChange={(event) => onChange(field, event.target.value)}
      />
      {isWrong ? <em id={`${id}-wrong`}>{isNumber(field) ? t('wrong', bounds(field)) : t('wrongName')}</em> : null}
    </div>
  );
}
