// What really runs: one row a process, with its library, its rate, and its last error in its own words.
'use client';

import { useTranslations } from 'next-intl';
import { StateShape, type State } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import styles from './demo.module.css';
import type { DemoStatus } from './use-demo.ts';

type DemoClient = DemoStatus['clients'][number];

const shapes: Readonly<Record<DemoClient['state'], State>> = { starting: 'watch', running: 'good', stopping: 'watch', failed: 'offline' };

export function ClientList({ clients }: { readonly clients: readonly DemoClient[] }): React.JSX.Element {
  const t = useTranslations('demo');
  if (clients.length === 0) return <p className={styles.none}>{t('none')}</p>;
  return (
    <ul className={styles.clients}>
      {clients.map((client) => (
        <ClientRow key={client.clientId} client={client} />
      ))}
    </ul>
  );
}

function ClientRow({ client }: { readonly client: DemoClient }): React.JSX.Element {
  const t = useTranslations('demo');
  const format = useFormat();
  return (
    <li>
      <StateShape state={shapes[client.state]} size={10} />
      <div>
        <p>
          <b>{client.clientId}</b>
          <span>{t('rateNow', { rate: format.rate(client.recordsPerSecond) })}</span>
        </p>
        <p>
          <small>
            {t(`role.${client.role}`)}, {client.library}, {client.pid === null ? t('noPid') : t('pid', { pid: String(client.pid) })},{' '}
            {t(`state.${client.state}`)}
          </small>
          <small>{t('total', { count: format.count(client.totalRecords) })}</small>
        </p>
        {client.lastError === null ? null : <p className={styles.error}>{t('trouble', { words: client.lastError })}</p>}
      </div>
    </li>
  );
}
