import type { Metadata } from 'next';
import { GroupPage } from '#components/groups/group-page.tsx';
import { fromSegment } from '#components/shell/addresses.ts';
import { foreignWords } from '#components/ui/foreign-text.ts';

interface PageProps {
  readonly params: Promise<{ group: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: foreignWords(fromSegment((await params).group)) };
}

export default async function Page({ params }: PageProps): Promise<React.JSX.Element> {
  return <GroupPage groupId={fromSegment((await params).group)} />;
}
