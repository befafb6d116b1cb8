// The left column: who writes, how much, where to, and with which acks. Measured by the brokers, not inferred.
'use client';

import { useTranslations } from 'next-intl';
import { useForeignWords } from '#components/ui/foreign-text.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import styles from './cards.module.css';
import type { CardPlace, Layout } from './scene/layout.ts';
import type { ClientCard } from './scene/cards.ts';
import type { LiveView } from './use-live-view.ts';
import type { Scene } from './scene/scene.ts';

interface CardsProps {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly view: LiveView;
  readonly isTraced: boolean;
}

export function ClientCards({ scene, layout, view, isTraced }: CardsProps): React.JSX.Element {
  const t = useTranslations('live.client');
  if (layout.clients.length === 0)
    return (
      <p className={styles.columnNote} style={{ left: 20, top: 70, width: 152 }}>
        {!isTraced ? t('untraced') : scene.state.producers === null ? t('unknown') : t('none')}
      </p>
    );
  return (
    <>
      {layout.clients.map((place) => (
        <ClientCardView key={place.key} {...{ place, scene, view }} card={scene.structure.clients.get(place.key)} />
      ))}
    </>
  );
}

interface CardProps {
  readonly place: CardPlace;
  readonly card: ClientCard | undefined;
  readonly scene: Scene;
  readonly view: LiveView;
}

function ClientCardView({ place, card, scene, view }: CardProps): React.JSX.Element | null {
  const t = useTranslations('live.client');
  const format = useFormat();
  const words = useForeignWords();
  if (card === undefined) return null;
  const perSecond = scene.figures?.byCard.get(card.key) ?? null;
  const isSelected = view.selection?.kind === 'client' && view.selection.cardKey === card.key;
  const name = cardName(card, t, words);
  return (
    <div className={styles.card} style={{ left: place.x, top: place.y - 14, maxHeight: place.height - 4 }}>
      {card.kind === 'unknown-writers' || card.kind === 'own' || card.kind === 'others' ? (
        <span className={styles.cardName}>{name}</span>
      ) : (
        <button
          type="button"
          className={styles.cardName}
          title={name}
          aria-pressed={isSelected}
          onClick={() => view.select(isSelected ? null : { kind: 'client', cardKey: card.key })}
        >
          {name}
        </button>
      )}
      <p className={styles.rate}>
        {perSecond === null ? '–' : format.rate(perSecond)}
        <small>{t('unit')}</small>
      </p>
      <ClientWords card={card} scene={scene} />
    </div>
  );
}

function cardName(card: ClientCard, t: ReturnType<typeof useTranslations<'live.client'>>, words: (text: string) => string): string {
  if (card.kind === 'rest') return t('rest', { count: card.clientIds.length });
  if (card.kind === 'own') return t('own');
  if (card.kind === 'others') return t('others');
  return card.kind === 'unknown-writers' ? t('unknownWriters') : words(card.label);
}

function ClientWords({ card, scene }: { readonly card: ClientCard; readonly scene: Scene }): React.JSX.Element {
  const t = useTranslations('live.client');
  if (card.kind === 'unknown-writers') return <p className={styles.cardText}>{t('unknownWritersNote')}</p>;
  if (card.kind === 'own') return <p className={styles.cardText}>{t('ownNote')}</p>;
  if (card.kind === 'others') return <p className={styles.cardText}>{t('othersNote')}</p>;
  if (card.kind !== 'client') return <p className={styles.cardText}>{t('clients', { count: card.clientIds.length })}</p>;
  const producer = scene.state.producers?.find((candidate) => candidate.clientId === card.clientIds[0]);
  if (producer === undefined) return <p className={styles.cardText}>{t(scene.isRecord ? 'counted' : 'justSeen')}</p>;
  const acks = producer.acks === null ? null : producer.acks === -1 ? t('acksAll') : t('acks', { acks: producer.acks });
  const facts = [
    acks,
    producer.isIdempotent ? t('idempotent') : null,
    producer.connections > 1 ? t('connections', { count: producer.connections }) : null,
  ].filter((fact) => fact !== null);
  return (
    <>
      <p className={styles.cardText} title={producer.topics.join(', ')}>
        {producer.topics.length === 0 ? t('idle') : t('to', { topics: producer.topics.join(', ') })}
      </p>
      <p className={styles.cardText}>{facts.join(t('comma'))}</p>
    </>
  );
}
