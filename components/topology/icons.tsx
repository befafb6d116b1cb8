// The crown of the active controller and the shield of a voter.

export function Crown({ title }: { readonly title: string }): React.JSX.Element {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" role="img" aria-label={title}>
      <title>{title}</title>
      <path d="M1.2 12.2 0.6 4.6l4.2 3L8 2.2l3.2 5.4 4.2-3-.6 7.6z" fill="var(--ink)" />
      <path d="M1.6 14.4h12.8" stroke="var(--ink)" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}

export function Shield({ title }: { readonly title: string }): React.JSX.Element {
  return (
    <svg
      width="14"
      height="14"
      viewBox="0 0 24 24"
      role="img"
      aria-label={title}
      fill="none"
      stroke="var(--ink-2)"
      strokeWidth="1.9"
      strokeLinejoin="round"
    >
      <title>{title}</title>
      <path d="M12 2.5l7.5 2.8v6.2c0 5-3 8.3-7.5 10-4.5-1.7-7.5-5-7.5-10V5.3z" />
    </svg>
  );
}

/** Fenced: registered, but not allowed to serve. */
export function Lock({ title }: { readonly title: string }): React.JSX.Element {
  return (
    <svg
      width="13"
      height="13"
      viewBox="0 0 24 24"
      role="img"
      aria-label={title}
      fill="none"
      stroke="var(--ink-2)"
      strokeWidth="2"
      strokeLinejoin="round"
    >
      <title>{title}</title>
      <rect x="4.5" y="11" width="15" height="10" rx="2" />
      <path d="M8 11V7.5a4 4 0 0 1 8 0V11" />
    </svg>
  );
}
