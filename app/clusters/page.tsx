import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ClustersPage } from '#components/clusters/clusters-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('clusters'))('list') };
}

export default function Page(): React.JSX.Element {
  return <ClustersPage />;
}
