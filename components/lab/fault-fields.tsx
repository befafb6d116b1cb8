// The fields of a fault: only those that its kind needs.
'use client';

import { Checkbox, Select, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import {
  delayBounds,
  durationPresets,
  minFaultSeconds,
  partsOf,
  skewBounds,
  type FaultField,
  type FaultPart,
  type FaultText,
} from './fault-form.ts';
import { maxFaultSeconds } from '#server/api/schemas/lab.ts';
import styles from './lab.module.css';
import { requestKinds } from './request-kinds.ts';
import { useFaultWords } from './use-fault-words.ts';

export interface FaultFieldsProps {
  readonly text: FaultText;
  readonly wrong: ReadonlySet<FaultField>;
  readonly brokerIds: readonly number[];
  readonly onChange: (part: Partial<FaultText>) => void;
}

export function FaultFields(props: FaultFieldsProps): React.JSX.Element {
  return (
    <>
      {partsOf[props.text.kind].map((part) => (
        <Field key={part} part={part} {...props} />
      ))}
      <Duration {...props} />
    </>
  );
}

function Field({ part, ...props }: FaultFieldsProps & { readonly part: FaultPart }): React.JSX.Element | null {
  const t = useTranslations('lab.form');
  const { text, onChange } = props;
  switch (part) {
    case 'broker':
    case 'from':
    case 'to':
      return <Target part={part} {...props} />;
    case 'delay':
      return <Whole part={part} unit="ms" {...delayBounds(text.kind)} {...props} />;
    case 'skew':
      return <Whole part={part} unit="s" {...skewBounds()} {...props} />;
    case 'both':
      return <Checkbox label={t('both')} checked={text.both} onChange={(event) => onChange({ both: event.currentTarget.checked })} />;
    case 'what':
      return (
        <Select
          label={t('what')}
          data={(['request', 'response'] as const).map((value) => ({ value, label: t(`whats.${value}`) }))}
          value={text.what}
          onChange={(what) => onChange({ what: what === 'response' ? 'response' : 'request' })}
          allowDeselect={false}
        />
      );
    case 'api':
      return (
        <Select
          label={t('api')}
          data={requestKinds.map(({ key, name }) => ({ value: String(key), label: name }))}
          value={text.api}
          onChange={(api) => onChange({ api: api ?? '' })}
          error={props.wrong.has('api') ? t('wrong.choose') : null}
          searchable
          allowDeselect={false}
        />
      );
    case 'seconds':
      return null;
  }
}

function Target({ part, text, wrong, brokerIds, onChange }: FaultFieldsProps & { readonly part: 'broker' | 'from' | 'to' }) {
  const t = useTranslations('lab');
  return (
    <Select
      label={t(`form.${part}`)}
      placeholder={t('form.choose')}
      data={brokerIds.map((broker) => ({ value: String(broker), label: t('broker', { broker }) }))}
      value={text[part] === '' ? null : text[part]}
      onChange={(value) => onChange({ [part]: value ?? '' })}
      error={wrong.has(part) ? t(part === 'to' && text.to === text.from && text.to !== '' ? 'form.wrong.same' : 'form.wrong.choose') : null}
      allowDeselect={false}
    />
  );
}

interface WholeProps extends FaultFieldsProps {
  readonly part: 'delay' | 'skew';
  readonly unit: 'ms' | 's';
  readonly min: number;
  readonly max: number;
}

function Whole({ part, unit, min, max, text, wrong, onChange }: WholeProps): React.JSX.Element {
  const t = useTranslations('lab.form');
  const tu = useTranslations('ui.units');
  return (
    <TextInput
      label={`${t(part)}, ${tu(unit)}`}
      value={text[part]}
      onChange={(event) => onChange({ [part]: event.currentTarget.value })}
      error={wrong.has(part) ? t('wrong.range', { min, max }) : null}
      inputMode={min < 0 ? 'text' : 'numeric'}
      autoComplete="off"
    />
  );
}

function Duration({ text, wrong, onChange }: FaultFieldsProps): React.JSX.Element {
  const t = useTranslations('lab.form');
  const tu = useTranslations('ui.units');
  const { span } = useFaultWords();
  return (
    <div>
      <TextInput
        label={`${t('duration')}, ${tu('s')}`}
        value={text.seconds}
        onChange={(event) => onChange({ seconds: event.currentTarget.value })}
        error={wrong.has('seconds') ? t('wrong.range', { min: minFaultSeconds, max: maxFaultSeconds }) : null}
        inputMode="numeric"
        autoComplete="off"
      />
      <div className={styles.presets} role="group" aria-label={t('presets')}>
        {durationPresets.map((seconds) => (
          <Action
            key={seconds}
            aria-pressed={text.seconds.trim() === String(seconds)}
            onClick={() => onChange({ seconds: String(seconds) })}
          >
            {span(seconds)}
          </Action>
        ))}
      </div>
    </div>
  );
}
