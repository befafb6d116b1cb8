import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { GroupsPage } from '#components/groups/groups-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell.place'))('groups') };
}

export default function Page(): React.JSX.Element {
  return <GroupsPage />;
}
