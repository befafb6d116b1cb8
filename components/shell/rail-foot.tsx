// The foot of the rail: where clients connect, then theme, language, help and fold.
'use client';

import { useClipboard } from '@mantine/hooks';
import { CircleHelp, Moon, PanelLeftClose, PanelLeftOpen, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useOptionalClusterId } from './cluster-context.tsx';
import { openHelp } from './help.tsx';
import styles from './rail.module.css';
import { useClusters } from './use-clusters.ts';
import { useLanguage } from './use-language.ts';
import { useTheme } from './use-theme.ts';

export function RailFoot({
  isFolded,
  onFold,
}: {
  readonly isFolded: boolean;
  readonly onFold: (isFolded: boolean) => void;
}): React.JSX.Element {
  const t = useTranslations('shell');
  const { isDark, toggle } = useTheme();
  const { other, change } = useLanguage();
  return (
    <div className={styles.foot}>
      {isFolded ? null : <Bootstrap />}
      <div className={styles.tools}>
        <button
          type="button"
          className={styles.tool}
          onClick={toggle}
          aria-label={t(isDark ? 'toLight' : 'toDark')}
          title={t(isDark ? 'toLight' : 'toDark')}
        >
          {isDark ? <Sun size={16} aria-hidden /> : <Moon size={16} aria-hidden />}
        </button>
        <button
          type="button"
          className={styles.tool}
          onClick={() => openHelp(t('help.title'))}
          aria-label={t('help.title')}
          title={t('help.title')}
        >
          <CircleHelp size={16} aria-hidden />
        </button>
        <button
          type="button"
          className={styles.tool}
          onClick={() => change(other)}
          lang={other}
          // The name begins with what is seen, so that who speaks to the screen can say it.
          aria-label={other === 'zh' ? t('language') : `En: ${t('language')}`}
          title={t('language')}
        >
          {other === 'zh' ? '中' : 'En'}
        </button>
        <button
          type="button"
          className={styles.tool}
          onClick={() => onFold(!isFolded)}
          aria-label={t(isFolded ? 'unfold' : 'fold')}
          title={t(isFolded ? 'unfold' : 'fold')}
        >
          {isFolded ? <PanelLeftOpen size={16} aria-hidden /> : <PanelLeftClose size={16} aria-hidden />}
        </button>
      </div>
    </div>
  );
}

function Bootstrap(): React.JSX.Element | null {
  const t = useTranslations('shell');
  const clusterId = useOptionalClusterId();
  const { byId } = useClusters();
  const clipboard = useClipboard({ timeout: 1500 });
  const bootstrap = clusterId === null ? undefined : byId(clusterId)?.bootstrap;
  if (bootstrap === undefined) return null;
  return (
    <div className={styles.boot}>
      <span>{clipboard.copied ? t('copied') : t('bootstrap')}</span>
      <button type="button" onClick={() => clipboard.copy(bootstrap)} title={t('copyBootstrap', { bootstrap })}>
        {bootstrap.split(',')[0]}
      </button>
    </div>
  );
}
