import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { LivePage } from './live-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('live'))('page') };
}

export default function Live(): React.JSX.Element {
  return <LivePage />;
}
