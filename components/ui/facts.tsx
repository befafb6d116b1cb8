// Facts in two columns, and the strip of large facts over a page.
import styles from './facts.module.css';

export interface Fact {
  readonly name: string;
  readonly value: React.ReactNode;
  readonly note?: React.ReactNode;
}

export function Facts({ facts }: { readonly facts: readonly Fact[] }): React.JSX.Element {
  return (
    <dl className={styles.facts}>
      {facts.map((fact) => (
        <FactRow key={fact.name} fact={fact} />
      ))}
    </dl>
  );
}

function FactRow({ fact }: { readonly fact: Fact }): React.JSX.Element {
  return (
    <>
      <dt>{fact.name}</dt>
      <dd>
        {fact.value}
        {fact.note === undefined ? null : <small> {fact.note}</small>}
      </dd>
    </>
  );
}

export function FactStrip({ facts }: { readonly facts: readonly Fact[] }): React.JSX.Element {
  return (
    <dl className={styles.strip}>
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>
            {fact.value}
            <small>{fact.note}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
