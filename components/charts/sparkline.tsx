// A hand-drawn line beside a figure: too small for axes, so it only shows the shape of the last minutes.
export interface SparklineProps {
  readonly values: readonly (number | null)[];
  readonly width?: number;
  readonly height?: number;
  readonly tone?: 'quiet' | 'ink' | 'watch';
}

const stroke = { quiet: 'var(--ink-3)', ink: 'var(--ink)', watch: 'var(--lagging)' } as const;

export function Sparkline({ values, width = 72, height = 24, tone = 'quiet' }: SparklineProps): React.JSX.Element {
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" style={{ display: 'block', flex: 'none' }}>
      <path d={sparkPath(values, width, height)} fill="none" stroke={stroke[tone]} strokeWidth="1.3" strokeLinejoin="round" />
    </svg>
  );
}

const inset = 1.5;

/** A flat line lies low when it is nought and in the middle otherwise; a missing value breaks the line. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '';
  const low = Math.min(...known);
  const high = Math.max(...known);
  const toY = (value: number): number => {
    if (high === low) return value === 0 ? height - inset : height / 2;
    return height - inset - ((value - low) / (high - low)) * (height - inset * 2);
  };
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let isDown = false;
  const parts: string[] = [];
  values.forEach((value, index) => {
    if (value === null) isDown = false;
    else {
      parts.push(`${isDown ? 'L' : 'M'}${(index * step).toFixed(1)} ${toY(value).toFixed(1)}`);
      isDown = true;
    }
  });
  return parts.join('');
}
