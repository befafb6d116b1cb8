// What was tried, what is most likely, and what of the screen can still be trusted.
'use client';

import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Drawer, DrawerSection } from '#components/ui/drawer.tsx';
import { CodeBlock, Note } from '#components/ui/notice.tsx';
import { useProblemWords } from '#components/ui/problem-words.ts';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { Action } from '#components/ui/action.tsx';
import styles from './lost-drawer.module.css';
import { toProblem } from './problem.ts';
import { contactEveryMs, type Contact } from './use-contact.ts';

export function LostDrawer({ contact }: { readonly contact: Contact }): React.JSX.Element {
  const t = useTranslations('shell.lost');
  const format = useFormat();
  const problem = toProblem(contact.error);
  const said = useProblemWords()(problem);
  return (
    <Drawer label={t('tried')} title={t('tried')} sub={t('triedNote', { count: contact.failures, every: format.duration(contactEveryMs) })}>
      {contact.tries.length === 0 ? (
        <CodeBlock>{problem.code ?? problem.message}</CodeBlock>
      ) : (
        <DrawerSection title={t('addresses')}>
          <ul className={styles.tries}>
            {contact.tries.map((one) => (
              <li key={one.address}>
                <StateShape state="unknown" size={12} />
                <code>{one.address}</code>
                <span>{one.reason}</span>
              </li>
            ))}
          </ul>
        </DrawerSection>
      )}
      <DrawerSection title={t('said')}>
        <p>{said.message}</p>
      </DrawerSection>
      <DrawerSection title={t('first')}>
        <p>{contact.lostParty === 'cluster' && problem.code === 'CLUSTER_LOST' ? t('advice') : (said.advice ?? t('advice'))}</p>
      </DrawerSection>
      <div className={styles.act}>
        <Action tone="ink" onClick={contact.retry}>
          {t('tryNow')}
        </Action>
      </div>
      <DrawerSection title={t('trust')}>
        <ul className={styles.trust}>
          {contact.atMs > 0 ? (
            <li>
              <Check size={15} aria-hidden />
              {t('trustRead', { time: format.moment(contact.atMs) })}
            </li>
          ) : null}
          <li>
            <StateShape state="unknown" size={14} />
            {t('trustUnknown')}
          </li>
        </ul>
      </DrawerSection>
      <DrawerSection>
        <Note>{t('ring')}</Note>
      </DrawerSection>
    </Drawer>
  );
}
