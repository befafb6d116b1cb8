// An empty case says what will come, and gives one command and two buttons that bring it.
'use client';

import { ArrowRight, Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Action, ActionLink } from '#components/ui/action.tsx';
import { formatAddress } from '#components/ui/format.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import styles from './empty-case.module.css';
import type { BrokerSummary } from '#server/cluster/port.ts';

export interface EmptyCaseProps {
  readonly brokers: readonly BrokerSummary[];
  /** null where this cluster has no demo traffic. */
  readonly onDemo: (() => void) | null;
}

export function firstTopicCommand(brokers: readonly BrokerSummary[]): string {
  const address = brokers[0] === undefined ? 'localhost:9092' : formatAddress(brokers[0]);
  return `kafka-topics.sh \\\n  --bootstrap-server ${address} \\\n  --create --topic first --partitions 3`;
}

export function EmptyCase({ brokers, onDemo }: EmptyCaseProps): React.JSX.Element {
  const t = useTranslations('live.empty');
  const href = useClusterHref();
  return (
    <div className={styles.empty}>
      <h2>{t('title')}</h2>
      <p className={styles.lead}>{t('lead')}</p>
      <section className={styles.column}>
        <h3>{t('first')}</h3>
        <p>{t('firstNote')}</p>
        <pre tabIndex={0}>{firstTopicCommand(brokers)}</pre>
        <CopyButton text={firstTopicCommand(brokers)} />
      </section>
      {onDemo === null ? null : (
        <section>
          <div>
            <h3>{t('demo')}</h3>
            <p>{t('demoNote')}</p>
          </div>
          <Action onClick={onDemo}>
            {t('demoStart')}
            <ArrowRight size={15} />
          </Action>
        </section>
      )}
      <section>
        <div>
          <h3>{t('here')}</h3>
          <p>{t('hereNote')}</p>
        </div>
        <ActionLink href={href('topics?create=true')}>{t('create')}</ActionLink>
      </section>
    </div>
  );
}

function CopyButton({ text }: { readonly text: string }): React.JSX.Element {
  const t = useTranslations('ui');
  const [isCopied, setIsCopied] = useState(false);
  const copy = (): void => void navigator.clipboard.writeText(text).then(() => setIsCopied(true));
  return (
    <Action tone="ink" onClick={copy}>
      {isCopied ? <Check size={15} /> : <Copy size={15} />}
      {isCopied ? t('copied') : t('copy')}
    </Action>
  );
}
