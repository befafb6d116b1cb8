// The plaque under the case while an election is told: which of four steps, what it means, and when it really was.
'use client';

import { ArrowLeft, ArrowRight, RotateCcw, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useFormat, type Format } from '#components/ui/use-format.ts';
import { Action } from '#components/ui/action.tsx';
import srStyles from '#components/ui/sr.module.css';
import styles from './election-plaque.module.css';
import { electionSteps, hardestMoves, type Election, type ElectionStep, type ElectionStepKind } from './election.ts';
import { preciseClock } from './precise-clock.ts';
import { useTelling, type Telling } from './use-telling.ts';

export interface ElectionPlaqueProps {
  readonly election: Election;
  /** The moment of the record that is shown; null: now. */
  readonly atMs: number | null;
  readonly onMoment: (atMs: number | null) => void;
  readonly onClose: () => void;
}

export function ElectionPlaque({ election, atMs, onMoment, onClose }: ElectionPlaqueProps): React.JSX.Element {
  const t = useTranslations('timeline.election');
  const format = useFormat();
  const telling = useTelling(election, atMs);
  const kind = electionSteps[telling.step] ?? 'silent';
  const title = useStepTitle(election, telling.step);
  const step = election.steps[telling.step];
  const tellStep = (index: number): void => {
    const stepMs = election.steps[index]?.atMs ?? null;
    if (atMs === null || stepMs === null) telling.hold(index);
    else onMoment(stepMs);
  };
  return (
    <section className={styles.plaque} aria-label={t('label', { broker: election.brokerId })}>
      <p className={styles.number}>
        <b>{telling.step + 1}</b> <i>{t('of', { count: electionSteps.length })}</i>
      </p>
      <div className={styles.say}>
        <h2>{title}</h2>
        <p>
          {whyWords(election, kind, t)} {step === undefined ? null : <StepTime election={election} step={step} />}
        </p>
      </div>
      <StepList election={election} telling={telling} onStep={tellStep} />
      <Buttons {...{ election, telling, atMs, onMoment }} onStep={tellStep} />
      <button type="button" className={styles.close} aria-label={t('close')} title={t('close')} onClick={onClose}>
        <X size={15} />
      </button>
      {/* Live, the page's own line of news speaks; a step somebody chose is told at once. */}
      <p className={srStyles.sr} aria-live="polite">
        {atMs === null ? '' : t('spoken', { step: telling.step + 1, title, time: preciseClock(atMs, format) })}
      </p>
    </section>
  );
}

type Words = ReturnType<typeof useTranslations<'timeline.election'>>;

const namedWhy = { eligible: 'why.namedEligible', 'last-known': 'why.namedLastKnown', unclean: 'why.namedUnclean' } as const;

/** Nothing is promised of copies in sync where there were none. */
function whyWords(election: Election, kind: ElectionStepKind, t: Words): string {
  const hardest = hardestMoves(election);
  if (hardest === null || (kind !== 'silent' && kind !== 'named')) return t(`why.${kind}`);
  if (kind === 'silent') return t('why.silentAlone', { count: election.moves.filter(({ how }) => how !== null).length });
  return t(namedWhy[hardest.how], { count: hardest.count });
}

/** What the step is called, with the numbers that the record has for it. */
function useStepTitle(election: Election, step: number): string {
  const t = useTranslations('timeline.election');
  const broker = election.brokerId;
  const kind = electionSteps[step] ?? 'silent';
  switch (kind) {
    case 'silent':
      return t(`title.silent.${silentCause(election.cause)}`, { broker });
    case 'fenced':
      return election.controller === null
        ? t('title.fenced', { broker })
        : t('title.fencedByNew', { broker, controller: election.controller.brokerId, epoch: election.controller.epoch });
    case 'named':
      return namedTitle(election, t);
    case 'followed': {
      const followed = election.moves.filter((move) => move.followedMs !== null).length;
      return t('title.followed', { followed, count: election.moves.length });
    }
  }
}

const silentCauses = ['kill', 'stop', 'freeze', 'broker-gone', 'broker-stopping'] as const;
type SilentCause = (typeof silentCauses)[number] | 'unknown';

function silentCause(cause: string | null): SilentCause {
  return silentCauses.find((known) => known === cause) ?? 'unknown';
}

function namedTitle(election: Election, t: Words): string {
  const { moves, internalMoves } = election;
  const named = moves.filter((move) => move.toId !== null);
  const [only] = named;
  if (moves.length === 0) return t('title.namedInternal', { count: internalMoves });
  if (named.length < moves.length) return t('title.namedPartly', { named: named.length, count: moves.length });
  if (named.length === 1 && only !== undefined)
    return t(only.fromId === only.toId ? 'title.namedAgain' : 'title.namedOne', {
      partition: `${only.topic}-${only.partition}`,
      from: only.fromId,
      to: only.toId ?? 0,
      epoch: only.leaderEpoch ?? 0,
    });
  return t('title.named', { count: named.length });
}

function StepTime({ election, step }: { readonly election: Election; readonly step: ElectionStep }): React.JSX.Element {
  const t = useTranslations('timeline.election');
  const format = useFormat();
  if (step.atMs === null) return <i>{t(`unknown.${step.kind}`)}</i>;
  return <b className={styles.time}>{timeWords(election, step.atMs, { t, format })}</b>;
}

function timeWords(election: Election, atMs: number, { t, format }: { readonly t: Words; readonly format: Format }): string {
  const time = preciseClock(atMs, format);
  const afterMs = atMs - election.startMs;
  return afterMs === 0 ? t('at', { time }) : t('after', { time, seconds: (afterMs / 1_000).toFixed(3) });
}

interface StepsProps {
  readonly election: Election;
  readonly telling: Telling;
  readonly onStep: (step: number) => void;
}

function StepList({ election, telling, onStep }: StepsProps): React.JSX.Element {
  const t = useTranslations('timeline.election');
  return (
    <ol className={styles.steps}>
      {election.steps.map((step, index) => (
        <li key={step.kind} data-state={index === telling.step ? 'now' : index < telling.step ? 'done' : 'open'}>
          <button
            type="button"
            aria-current={index === telling.step ? 'step' : undefined}
            disabled={step.atMs === null}
            title={step.atMs === null ? t(`unknown.${step.kind}`) : undefined}
            onClick={() => onStep(index)}
          >
            {t(`step.${step.kind}`)}
          </button>
        </li>
      ))}
    </ol>
  );
}

interface ButtonsProps extends StepsProps {
  readonly atMs: number | null;
  readonly onMoment: (atMs: number | null) => void;
}

function Buttons({ election, telling, atMs, onMoment, onStep }: ButtonsProps): React.JSX.Element {
  const t = useTranslations('timeline.election');
  const { previous, next } = telling;
  return (
    <div className={styles.buttons}>
      <Action
        tone="square"
        aria-label={t('previous')}
        disabled={previous === null}
        onClick={() => (previous === null ? null : onStep(previous))}
      >
        <ArrowLeft size={15} />
      </Action>
      {atMs === null ? (
        <>
          <Action tone="square" aria-label={t('next')} disabled={next === null} onClick={() => (next === null ? null : onStep(next))}>
            <ArrowRight size={15} />
          </Action>
          <Action tone="ink" onClick={() => onMoment(election.startMs)}>
            <RotateCcw size={14} /> {t('again')}
          </Action>
        </>
      ) : next === null ? (
        <Action tone="ink" onClick={() => onMoment(null)}>
          {t('live')}
        </Action>
      ) : (
        <Action tone="ink" onClick={() => onStep(next)}>
          {t('next')} <ArrowRight size={15} />
        </Action>
      )}
    </div>
  );
}
