import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { BrokerScreen } from './broker-screen.tsx';

interface PageProps {
  readonly params: Promise<{ broker: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Broker ${(await params).broker}` };
}

export default async function Page({ params }: PageProps): Promise<React.JSX.Element> {
  const { broker } = await params;
  if (!/^\d{1,10}$/.test(broker)) notFound();
  return <BrokerScreen brokerId={Number(broker)} />;
}
