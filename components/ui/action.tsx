// Buttons. One ink button at most on a surface; the rest are edges. A disabled action is dashed, never hidden,
// and says why in its title.
'use client';

import Link from 'next/link';
import styles from './action.module.css';

export type Tone = 'edge' | 'ink' | 'wall' | 'inverse' | 'inverse2' | 'link' | 'square';

export interface ActionProps extends Omit<React.ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  readonly tone?: Tone;
}

export function Action({ tone = 'edge', type = 'button', ...rest }: ActionProps): React.JSX.Element {
  return <button {...rest} type={type} className={toneClass(tone)} />;
}

export function ActionLink({
  tone = 'edge',
  href,
  children,
}: {
  readonly tone?: Tone;
  readonly href: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  return (
    <Link href={href} className={toneClass(tone)}>
      {children}
    </Link>
  );
}

function toneClass(tone: Tone): string {
  if (tone === 'link') return styles.link ?? '';
  return tone === 'edge' ? (styles.bt ?? '') : `${styles.bt} ${styles[tone]}`;
}
