// What every page opens with: one sentence, one line of reasons, the page's actions, and how true it all is.
// When the cluster no longer answers, the sentence says so on every page, what was read stays in place under
// hairlines, and a drawer lists what was tried.
'use client';

import { useTranslations } from 'next-intl';
import { useProblemWords } from '#components/ui/problem-words.ts';
import { StateShape, type State } from '#components/ui/state-shape.tsx';
import { Action } from '#components/ui/action.tsx';
import { LostDrawer } from './lost-drawer.tsx';
import styles from './page-frame.module.css';
import { PageBadge } from './page-badge.tsx';
import { toProblem } from './problem.ts';
import { useContact, type Contact } from './use-contact.ts';
import { useClusterId } from './cluster-context.tsx';
import { useClusters } from './use-clusters.ts';
import { useFormat } from '#components/ui/use-format.ts';

export interface PageFrameProps {
  /** null shows no shape: the page is about a thing, not about a state. */
  readonly state: State | null;
  readonly sentence: React.ReactNode;
  readonly reasons?: React.ReactNode;
  readonly actions?: React.ReactNode;
  /** When what the page shows was read; 0 before the first answer. */
  readonly atMs: number;
  /** How often the page reads anew; null for a page that shows what was read once. */
  readonly everyMs: number | null;
  /** In the badge's place, for pages that know more of truth than age. */
  readonly badge?: React.ReactNode;
  readonly drawer?: React.ReactNode;
  readonly children: React.ReactNode;
}

export function PageFrame({ children, drawer, ...props }: PageFrameProps): React.JSX.Element {
  const contact = useContact();
  const isLost = contact.state === 'lost';
  return (
    <>
      {isLost ? <LostSentence contact={contact} /> : <Sentence {...props} />}
      <div className={styles.body} data-contact={contact.state}>
        <div className={styles.column}>{children}</div>
        {isLost ? <LostDrawer contact={contact} /> : drawer}
      </div>
    </>
  );
}

function Sentence({
  state,
  sentence,
  reasons,
  actions,
  badge,
  atMs,
  everyMs,
}: Omit<PageFrameProps, 'children' | 'drawer'>): React.JSX.Element {
  return (
    <header className={styles.sent}>
      <div className={styles.say}>
        {state === null ? null : (
          <span className={styles.shape}>
            <StateShape state={state} size={19} checked />
          </span>
        )}
        <div className={styles.text}>
          <h1>{sentence}</h1>
          <p>{reasons}</p>
        </div>
      </div>
      {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      {badge ?? <PageBadge atMs={atMs} everyMs={everyMs} />}
    </header>
  );
}

function LostSentence({ contact }: { readonly contact: Contact }): React.JSX.Element {
  const t = useTranslations('shell.lost');
  const format = useFormat();
  const clusterId = useClusterId();
  const name = useClusters().byId(clusterId)?.name ?? clusterId;
  const hadContact = contact.atMs > 0;
  const said = useProblemWords()(toProblem(contact.error));
  const time = format.moment(contact.atMs);
  const { lostParty } = contact;
  return (
    <header className={styles.sent}>
      <div className={styles.say} role="status">
        <span className={styles.shape}>
          <StateShape state="offline" size={19} />
        </span>
        <div className={styles.text}>
          {lostParty === 'cluster' || lostParty === null ? (
            <>
              <h1>{hadContact ? t('sentence', { name }) : t('never', { name })}</h1>
              <p>{hadContact ? t('reason', { time }) : t('neverReason')}</p>
            </>
          ) : (
            <>
              <h1>{t(`party.${lostParty}`)}</h1>
              <p>
                {lostParty === 'console' ? t('consoleReason') : [said.message, said.advice].filter((one) => one !== null).join(' ')}{' '}
                {hadContact ? t('readUntil', { time }) : null}
              </p>
            </>
          )}
        </div>
      </div>
      <div className={styles.actions}>
        <Action tone="ink" onClick={contact.retry}>
          {t('tryNow')}
        </Action>
      </div>
      <PageBadge atMs={contact.atMs} everyMs={0} isStale />
    </header>
  );
}
