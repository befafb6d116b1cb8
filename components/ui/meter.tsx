// A thin bar beside a figure. The figure is what is announced; the bar only lets the eye compare.
import styles from './meter.module.css';

export interface MeterProps {
  readonly ratio: number;
  readonly tone?: 'ink' | 'good' | 'watch' | 'offline';
  readonly short?: boolean;
}

export function Meter({ ratio, tone = 'ink', short = false }: MeterProps): React.JSX.Element {
  const width = `${Math.max(0, Math.min(1, ratio)) * 100}%`;
  return (
    <span className={`${styles.meter} ${short ? styles.short : ''}`} aria-hidden="true">
      <span className={`${styles.fill} ${tone === 'ink' ? '' : (styles[tone] ?? '')}`} style={{ width }} />
    </span>
  );
}
