// An empty case says what will come, and how: demo traffic first, for it needs nothing; then a command and a form.
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

/** On the cluster that came with this program, a command of what came with it too: Node, and a Kafka client among its
 *  packages. Elsewhere the tools of Kafka, which whoever runs the cluster has. */
export function firstTopicCommand(brokers: readonly BrokerSummary[], isOwn: boolean): string {
  const address = brokers[0] === undefined ? 'localhost:9092' : formatAddress(brokers[0]);
  if (isOwn)
    return [
      `node -e "const { Kafka } = require('kafkajs');`,
      `  const admin = new Kafka({`,
      `    brokers: ['${address}'] }).admin();`,
      `  admin.createTopics({ topics: [`,
      `    { topic: 'first', numPartitions: 3 }] })`,
      `  .then(console.log).finally(() => admin.disconnect())"`,
    ].join('\n');
  return `kafka-topics.sh \\\n  --bootstrap-server ${address} \\\n  --create --topic first --partitions 3`;
}

export function EmptyCase({ brokers, onDemo }: EmptyCaseProps): React.JSX.Element {
  const t = useTranslations('live.empty');
  const href = useClusterHref();
  const command = firstTopicCommand(brokers, onDemo !== null);
  return (
    <div className={styles.empty}>
      <h2>{t('title')}</h2>
      <p className={styles.lead}>{t('lead')}</p>
      {onDemo === null ? null : (
        <section>
          <div>
            <h3>{t('demo')}</h3>
            <p>{t('demoNote')}</p>
          </div>
          <Action tone="ink" onClick={onDemo}>
            {t('demoStart')}
            <ArrowRight size={15} />
          </Action>
        </section>
      )}
      <section className={styles.column}>
        <h3>{t(onDemo === null ? 'first' : 'orFirst')}</h3>
        <p>{t(onDemo === null ? 'firstNote' : 'firstNoteHere')}</p>
        <pre tabIndex={0}>{command}</pre>
        <CopyButton text={command} />
      </section>
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
    <Action onClick={copy}>
      {isCopied ? <Check size={15} /> : <Copy size={15} />}
      {isCopied ? t('copied') : t('copy')}
    </Action>
  );
}
