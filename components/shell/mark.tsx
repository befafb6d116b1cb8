// The mark of the house: a label with a record on it.
export function Mark({ size = 22 }: { readonly size?: number }): React.JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true" style={{ flex: 'none' }}>
      <rect x="1" y="1" width="20" height="20" rx="3.5" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M5 7.2h7M5 11h12M5 14.8h9" stroke="currentColor" strokeWidth="2.1" strokeLinecap="round" />
      <circle cx="16" cy="7.2" r="1.5" fill="currentColor" />
    </svg>
  );
}
