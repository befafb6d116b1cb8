// Demo traffic: choose, start, watch, stop. What it lists is what really runs: process ids, client libraries, rates.
'use client';

import { Play, Square } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Action } from '#components/ui/action.tsx';
import { Drawer, DrawerSection } from '#components/ui/drawer.tsx';
import { ErrorNotice } from '#components/ui/notice.tsx';
import { StateShape, type State } from '#components/ui/state-shape.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { ClientList } from './client-list.tsx';
import { PlanFields } from './plan-fields.tsx';
import { checkPlan, defaultPlan, planToText, type PlanText } from './plan-form.ts';
import styles from './demo.module.css';
import type { Demo, DemoStatus } from './use-demo.ts';

export function DemoPanel({ demo, onClose }: { readonly demo: Demo; readonly onClose: () => void }): React.JSX.Element {
  const t = useTranslations('demo');
  const [edited, setEdited] = useState<PlanText | null>(null);
  const running = demo.status?.plan ?? null;
  const text = edited ?? planToText(running ?? defaultPlan());
  const check = checkPlan(text);
  const state = stateShape(demo.status);
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    if (check.ok) demo.start(check.plan);
  };
  return (
    <Drawer title={t('title')} sub={t('sub')} label={t('title')} onClose={onClose}>
      <p className={styles.state} role="status">
        {state === null ? null : <StateShape state={state} size={13} />}
        <b>{stateWord(demo.status, t)}</b>
      </p>
      <form onSubmit={submit}>
        <PlanFields text={text} wrong={check.ok ? null : check.wrong} onChange={(field, value) => setEdited({ ...text, [field]: value })} />
        <div className={styles.acts}>
          <Action tone="ink" type="submit" disabled={!check.ok || demo.isChanging}>
            <Play size={14} />
            {running === null ? t('start') : t('restart')}
          </Action>
          {running === null ? null : (
            <Action onClick={demo.stop} disabled={demo.isChanging}>
              <Square size={13} />
              {t('stop')}
            </Action>
          )}
        </div>
      </form>
      {demo.changeError === null ? null : <ErrorNotice title={t('failed')} problem={toProblem(demo.changeError)} />}
      {demo.statusError === null ? null : <ErrorNotice title={t('statusFailed')} problem={toProblem(demo.statusError)} />}
      <DrawerSection title={t('what')}>
        <ClientList clients={demo.status?.clients ?? []} />
      </DrawerSection>
    </Drawer>
  );
}

/** null: it rests, which is neither well nor unwell, and by no means unknown. */
function stateShape(status: DemoStatus | null): State | null {
  if (status === null) return 'unknown';
  if (status.plan === null) return null;
  if (status.clients.some((client) => client.state === 'failed')) return 'offline';
  return status.clients.every((client) => client.state === 'running') ? 'good' : 'watch';
}

function stateWord(status: DemoStatus | null, t: ReturnType<typeof useTranslations<'demo'>>): string {
  if (status === null) return t('asking');
  if (status.plan === null) return t('stopped');
  return status.clients.some((client) => client.state === 'starting') ? t('starting') : t('running');
}
