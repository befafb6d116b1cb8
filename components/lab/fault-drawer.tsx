// The form that breaks something. It says beforehand what will happen, that it ends by itself, and what stays behind; what
// can stop a partition from serving, or delete records, is asked for once more, by name.
'use client';

import { Select } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Action } from '#components/ui/action.tsx';
import { Confirm } from '#components/ui/dialog.tsx';
import { Drawer } from '#components/ui/drawer.tsx';
import { ErrorNotice, Note } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { FaultFields } from './fault-fields.tsx';
import { checkFault, faultKinds, isDangerous, type Fault, type FaultText } from './fault-form.ts';
import styles from './lab.module.css';
import { LastingNote } from './lasting-note.tsx';
import { useFaultWords } from './use-fault-words.ts';
import { useFocusVisit } from './use-focus-visit.ts';
import { useInject } from './use-lab.ts';

export interface FaultDrawerProps {
  readonly text: FaultText;
  readonly brokerIds: readonly number[];
  readonly onChange: (part: Partial<FaultText>) => void;
  readonly onClose: () => void;
}

export function FaultDrawer({ text, brokerIds, onChange, onClose }: FaultDrawerProps): React.JSX.Element {
  const t = useTranslations('lab');
  const { deed, span } = useFaultWords();
  const [isAsking, setIsAsking] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useFocusVisit(first);
  const inject = useInject(onClose);
  const check = checkFault(text);
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    if (!check.ok) return;
    inject.reset();
    if (isDangerous(check.fault.kind)) setIsAsking(true);
    else inject.run(check);
  };
  const label = check.ok ? deed(check.fault) : t(`kind.${text.kind}`);
  return (
    <Drawer title={t('form.title')} sub={t('form.sub')} label={t('form.title')} onClose={onClose}>
      <form className={`${parts.form} ${styles.form}`} onSubmit={submit}>
        <Select
          ref={first}
          label={t('form.kind')}
          data={faultKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          value={text.kind}
          onChange={(kind) => onChange({ kind: faultKinds.find((one) => one === kind) ?? text.kind })}
          allowDeselect={false}
          maxDropdownHeight={360}
        />
        <Note>{t(`note.${text.kind}`)}</Note>
        <FaultFields text={text} wrong={check.ok ? new Set() : check.wrong} brokerIds={brokerIds} onChange={onChange} />
        {inject.problem === null || isAsking ? null : <ErrorNotice title={t('form.failed')} problem={inject.problem} />}
        <p className={styles.promise}>{check.ok ? t('form.promise', { span: span(check.durationSeconds) }) : t('form.incomplete')}</p>
        {check.ok ? <LastingNote fault={check.fault} /> : null}
        <Action tone="ink" type="submit" disabled={!check.ok || inject.isBusy}>
          {label}
        </Action>
      </form>
      {check.ok ? (
        <Confirm
          title={t('confirm.title', { deed: label })}
          isOpen={isAsking}
          onClose={() => setIsAsking(false)}
          deed={label}
          keep={t('confirm.keep')}
          onConfirm={() => inject.run(check)}
          isBusy={inject.isBusy}
          problem={inject.problem}
          failed={t('form.failed')}
        >
          <ConfirmText fault={check.fault} span={span(check.durationSeconds)} />
        </Confirm>
      ) : null}
    </Drawer>
  );
}

function ConfirmText({ fault, span }: { readonly fault: Fault; readonly span: string }): React.JSX.Element {
  const t = useTranslations('lab');
  return (
    <>
      <p>{t(`note.${fault.kind}`)}</p>
      <p>{t('form.promise', { span })}</p>
      <LastingNote fault={fault} />
    </>
  );
}
