import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { fromSegment } from '#components/shell/addresses.ts';
import { PartitionScreen } from './partition-screen.tsx';

interface PageProps {
  readonly params: Promise<{ topic: string; partition: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { topic, partition } = await params;
  return { title: `${fromSegment(topic)}-${partition}` };
}

export default async function Page({ params }: PageProps): Promise<React.JSX.Element> {
  const { topic, partition } = await params;
  if (!/^\d{1,10}$/.test(partition)) notFound();
  return <PartitionScreen topic={fromSegment(topic)} number={Number(partition)} />;
}
