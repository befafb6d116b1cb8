import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { BrokersPage } from '#components/brokers/brokers-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell.place'))('brokers') };
}

export default function Page(): React.JSX.Element {
  return <BrokersPage />;
}
