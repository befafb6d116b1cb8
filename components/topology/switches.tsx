// Two small controls of the plaque: a switch and a choice of three. Ink only; colour is for data.
'use client';

import { useId } from 'react';
import styles from './switches.module.css';

export interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function Toggle({ label, isOn, onChange }: ToggleProps): React.JSX.Element {
  return (
    <button type="button" role="switch" aria-checked={isOn} className={styles.toggle} onClick={() => onChange(!isOn)}>
      <i />
      {label}
    </button>
  );
}

export interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

export function SegmentedChoice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>): React.JSX.Element {
  const name = useId();
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value} data-on={option.value === value || undefined}>
            <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
