import type { Metadata } from 'next';
import { GroupPage } from '#components/groups/group-page.tsx';

interface PageProps {
  readonly params: Promise<{ group: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).group) };
}

export default async function Page({ params }: PageProps): Promise<React.JSX.Element> {
  return <GroupPage groupId={decodeURIComponent((await params).group)} />;
}
