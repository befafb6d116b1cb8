// Find: every place, topic, group and broker of this cluster by name. It asks only while it is open.
'use client';

import { Spotlight, spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { Layers, Search, Server, TextSearch, Users } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { groupPath, topicPath, withQuery } from './addresses.ts';
import { useClusterHref, useClusterId } from './cluster-context.tsx';
import styles from './palette.module.css';
import { placeGroups } from './places.ts';
import { useContact } from './use-contact.ts';
import { useTRPC } from './trpc.ts';
import { useForeignWords } from '#components/ui/foreign-text.tsx';

export function openPalette(): void {
  spotlight.open();
}

const shownAtMost = 12;

export function Palette(): React.JSX.Element {
  const t = useTranslations('shell');
  const [isOpen, setIsOpen] = useState(false);
  const actions = useActions(isOpen);
  return (
    <Spotlight
      actions={actions}
      limit={shownAtMost}
      shortcut={['mod + K']}
      nothingFound={t('palette.nothing')}
      onSpotlightOpen={() => setIsOpen(true)}
      onSpotlightClose={() => setIsOpen(false)}
      searchProps={{ placeholder: t('palette.hint'), leftSection: <Search size={17} aria-hidden />, 'aria-label': t('palette.hint') }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.6, color: 'var(--wall)' }}
      size={560}
      yOffset="12vh"
      classNames={{
        content: styles.content ?? '',
        search: styles.search ?? '',
        action: styles.action ?? '',
        actionLabel: styles.label ?? '',
        actionDescription: styles.kind ?? '',
        actionBody: styles.body ?? '',
      }}
    />
  );
}

function useActions(isOpen: boolean): SpotlightActionData[] {
  const t = useTranslations('shell');
  const router = useRouter();
  const href = useClusterHref();
  const { topics, groups } = useNames(isOpen);
  const { overview } = useContact();
  const words = useForeignWords();
  const go = (path: string) => () => router.push(href(path));
  const icon = { size: 16, strokeWidth: 1.9, 'aria-hidden': true } as const;
  return [
    ...placeGroups.flat().map(({ id, icon: Icon }) => ({
      id: `place-${id}`,
      label: t(`place.${id}`),
      description: t('palette.page'),
      leftSection: <Icon {...icon} />,
      onClick: go(id),
    })),
    ...topics.map((name) => ({
      id: `topic-${name}`,
      label: name,
      description: t('palette.topic'),
      leftSection: <Layers {...icon} />,
      onClick: go(topicPath(name)),
    })),
    ...groups.map((name) => ({
      id: `group-${name}`,
      label: words(name),
      description: t('palette.group'),
      leftSection: <Users {...icon} />,
      onClick: go(groupPath(name)),
    })),
    ...(overview?.brokers ?? []).map(({ brokerId }) => ({
      id: `broker-${brokerId}`,
      label: t('palette.brokerName', { brokerId }),
      description: t('palette.broker'),
      leftSection: <Server {...icon} />,
      onClick: go(`brokers/${brokerId}`),
    })),
    ...topics.map((name) => ({
      id: `read-${name}`,
      label: t('palette.read', { name }),
      description: t('palette.page'),
      leftSection: <TextSearch {...icon} />,
      onClick: go(withQuery('messages', { topic: name })),
    })),
  ];
}

function useNames(isOpen: boolean): { readonly topics: readonly string[]; readonly groups: readonly string[] } {
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const topics = useQuery(trpc.topics.list.queryOptions({ clusterId }, { enabled: isOpen, staleTime: 10_000 }));
  const groups = useQuery(trpc.groups.list.queryOptions({ clusterId }, { enabled: isOpen, staleTime: 10_000 }));
  // Kafka's own topics are there to be found, not to be met first.
  const listed = topics.data?.toSorted((a, b) => Number(a.isInternal) - Number(b.isInternal)) ?? [];
  return { topics: listed.map((topic) => topic.name), groups: groups.data?.map((group) => group.groupId) ?? [] };
}
