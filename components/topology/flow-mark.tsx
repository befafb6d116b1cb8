// The mark of a flow, the same shape that rides the pipes.

export type FlowMarkKind = 'produce' | 'ack' | 'replicate' | 'consume';

export function FlowMark({ kind }: { readonly kind: FlowMarkKind }): React.JSX.Element {
  return (
    <svg
      width="12"
      height="12"
      viewBox="-6 -6 12 12"
      aria-hidden="true"
      focusable="false"
      style={{ flex: 'none', display: 'inline-block' }}
    >
      {shape(kind)}
    </svg>
  );
}

function shape(kind: FlowMarkKind): React.JSX.Element {
  switch (kind) {
    case 'produce':
      return <circle r="3.5" fill="var(--produce)" />;
    case 'ack':
      return <circle r="3" fill="var(--case)" stroke="var(--produce)" strokeWidth="1.6" />;
    case 'replicate':
      return <path d="M0-4.6L4.6 0L0 4.6L-4.6 0z" fill="var(--replicate)" />;
    case 'consume':
      return <path d="M4.7 0L-3.4 4V-4z" fill="var(--consume)" />;
  }
}
