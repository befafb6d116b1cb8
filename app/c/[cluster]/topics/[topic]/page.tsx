import type { Metadata } from 'next';
import { fromSegment } from '#components/shell/addresses.ts';
import { TopicPage } from '#components/topics/topic-page.tsx';

interface PageProps {
  readonly params: Promise<{ topic: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: fromSegment((await params).topic) };
}

export default async function Page({ params }: PageProps): Promise<React.JSX.Element> {
  return <TopicPage name={fromSegment((await params).topic)} />;
}
