// The shapes of a state. Shape carries the meaning and colour only repeats it, so that a reader who sees
// neither red nor amber reads the same thing. Decorative here: the word beside it is what is announced.
export type State = 'good' | 'watch' | 'offline' | 'unknown';

export interface StateShapeProps {
  readonly state: State;
  readonly size?: number;
  readonly checked?: boolean;
}

export function StateShape({ state, size = 11, checked = false }: StateShapeProps): React.JSX.Element {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 18 18"
      aria-hidden="true"
      focusable="false"
      style={{ display: 'inline-block', flex: 'none' }}
    >
      {drawing(state, checked)}
    </svg>
  );
}

function drawing(state: State, checked: boolean): React.JSX.Element {
  switch (state) {
    case 'good':
      return (
        <>
          <circle cx="9" cy="9" r="7.5" fill="var(--healthy)" />
          {checked ? (
            <path
              d="M5.6 9.3l2.4 2.4 4.5-5"
              fill="none"
              stroke="var(--on-healthy)"
              strokeWidth="2"
              strokeLinecap="round"
              strokeLinejoin="round"
            />
          ) : null}
        </>
      );
    case 'watch':
      return <path d="M9 1.5L17 16H1z" fill="var(--lagging)" stroke="var(--shape-edge)" strokeWidth="1.2" strokeLinejoin="round" />;
    case 'offline':
      return (
        <>
          <rect
            x="1.5"
            y="1.5"
            width="15"
            height="15"
            rx="3"
            fill="none"
            stroke="var(--offline)"
            strokeWidth="2"
            strokeDasharray="3.5 2.5"
          />
          <path d="M5.5 5.5l7 7M12.5 5.5l-7 7" stroke="var(--offline)" strokeWidth="2.2" strokeLinecap="round" />
        </>
      );
    case 'unknown':
      return <circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" strokeWidth="1.9" strokeDasharray="3.2 2.6" />;
  }
}
