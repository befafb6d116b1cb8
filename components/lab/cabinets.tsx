// The brokers as cabinets: what was done to each, and what can be. A broker that was taken away keeps its place, struck out.
'use client';

import { Menu } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { Action } from '#components/ui/action.tsx';
import { Skeleton, Waiting } from '#components/ui/notice.tsx';
import { StateShape } from '#components/ui/state-shape.tsx';
import { Case, SectionHead } from '#components/ui/surface.tsx';
import type { ActiveFault } from '#server/cluster/lab.ts';
import type { BrokerSummary } from '#server/cluster/port.ts';
import type { FaultKind } from './fault-form.ts';
import styles from './lab.module.css';
import { conditionOfBroker, faultsAt, processFaultOf, stateOfCondition } from './lab-view.ts';
import { TimeLeft } from './time-left.tsx';
import { useFaultWords } from './use-fault-words.ts';
import type { Deed } from '#components/shell/use-deed.ts';

export interface CabinetsProps {
  readonly brokers: readonly BrokerSummary[] | null;
  readonly active: readonly ActiveFault[];
  readonly onOpen: (kind: FaultKind, broker: string) => void;
  readonly onRestart: (brokerId: number) => void;
  readonly onAdd: () => void;
  readonly undo: Deed<string>;
}

const processKinds = ['kill', 'stop', 'freeze'] as const;
const otherKinds = ['slow-disk', 'full-disk', 'failing-sync', 'skewed-clock', 'slow-clients', 'drop'] as const;

export function Cabinets({ brokers, onAdd, ...rest }: CabinetsProps): React.JSX.Element {
  const t = useTranslations('lab.brokers');
  return (
    <Case label={t('title')}>
      <SectionHead title={t('title')} note={t('note')}>
        <Action onClick={onAdd}>{t('add')}</Action>
      </SectionHead>
      {brokers === null ? (
        <Loading />
      ) : (
        <ul className={styles.cabinets}>
          {brokers.map((broker) => (
            <Cabinet key={broker.brokerId} broker={broker} {...rest} />
          ))}
        </ul>
      )}
    </Case>
  );
}

function Loading(): React.JSX.Element {
  const t = useTranslations('lab.brokers');
  return (
    <>
      <ul className={styles.cabinets} aria-busy="true">
        {[84, 70, 84].map((width, index) => (
          <li key={index} className={styles.cabinet}>
            <Skeleton width={width} />
          </li>
        ))}
      </ul>
      <Waiting>{t('waiting')}</Waiting>
    </>
  );
}

type CabinetProps = Omit<CabinetsProps, 'brokers' | 'onAdd'> & { readonly broker: BrokerSummary };

function Cabinet({ broker, active, onOpen, onRestart, undo }: CabinetProps): React.JSX.Element {
  const t = useTranslations('lab');
  const href = useClusterHref();
  const condition = conditionOfBroker(broker, active);
  const isGone = condition === 'killed' || condition === 'stopped' || condition === 'lost';
  const name = t('broker', { broker: broker.brokerId });
  const held = processFaultOf(broker.brokerId, active);
  return (
    <li className={styles.cabinet} data-gone={isGone ? '' : undefined} aria-label={name}>
      <div className={styles.plate}>
        <StateShape state={stateOfCondition(condition)} size={13} />
        <h3>
          <Link href={href(`brokers/${broker.brokerId}`)}>{name}</Link>
        </h3>
        <span className={styles.facts}>
          {broker.isController ? `${t('brokers.controller')} · ` : ''}
          {broker.process === null || condition === 'killed'
            ? t('brokers.noProcess')
            : t('brokers.pid', { pid: String(broker.process.pid) })}
        </span>
      </div>
      <p className={styles.condition}>
        <b>{t(`condition.${condition}`)}</b>
        {held === null ? null : <TimeLeft one={held} />}
      </p>
      <Held faults={faultsAt(broker.brokerId, active)} />
      <div className={styles.deeds}>
        {held === null ? (
          <ProcessDeeds name={name} onDeed={(kind) => onOpen(kind, String(broker.brokerId))} />
        ) : (
          <WayBack held={held} undo={undo} />
        )}
        <Action aria-label={t('restartOf', { broker: broker.brokerId })} onClick={() => onRestart(broker.brokerId)}>
          {t('brokers.restart')}
        </Action>
        <More name={name} onDeed={(kind) => onOpen(kind, String(broker.brokerId))} />
      </div>
    </li>
  );
}

function Held({ faults }: { readonly faults: readonly ActiveFault[] }): React.JSX.Element | null {
  const { says } = useFaultWords();
  if (faults.length === 0) return null;
  return (
    <ul className={styles.held}>
      {faults.map((one) => (
        <li key={one.faultId}>
          <StateShape state="watch" size={10} />
          <span>{says(one.fault)}</span>
          <TimeLeft one={one} />
        </li>
      ))}
    </ul>
  );
}

interface DeedsProps {
  readonly name: string;
  readonly onDeed: (kind: FaultKind) => void;
}

function ProcessDeeds({ name, onDeed }: DeedsProps): React.JSX.Element {
  const t = useTranslations('lab');
  return (
    <>
      {processKinds.map((kind) => (
        <Action key={kind} onClick={() => onDeed(kind)} aria-label={`${t(`kind.${kind}`)}, ${name}`}>
          {t(`kind.${kind}`)}
        </Action>
      ))}
    </>
  );
}

interface WayBackProps {
  readonly held: NonNullable<ReturnType<typeof processFaultOf>>;
  readonly undo: Deed<string>;
}

/** A press undoes what holds the process: it is started, or thawed. */
function WayBack({ held, undo }: WayBackProps): React.JSX.Element {
  const t = useTranslations('lab');
  const word = held.fault.kind === 'freeze' ? 'thaw' : 'start';
  return (
    <Action tone="ink" onClick={() => undo.run(held.faultId)} disabled={undo.isBusy}>
      {t(`back.${word}`, { broker: held.fault.brokerId })}
    </Action>
  );
}

function More({ name, onDeed }: DeedsProps): React.JSX.Element {
  const t = useTranslations('lab');
  return (
    <Menu position="bottom-end" width={230} shadow="none">
      <Menu.Target>
        <button type="button" className={styles.more} aria-label={t('brokers.moreOf', { name })}>
          {t('brokers.more')}
          <ChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {otherKinds.map((kind) => (
          <Menu.Item key={kind} onClick={() => onDeed(kind)}>
            {t(`kind.${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
