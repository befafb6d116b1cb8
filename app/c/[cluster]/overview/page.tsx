import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { OverviewPage } from '#components/overview/overview-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell.place'))('overview') };
}

export default function Page(): React.JSX.Element {
  return <OverviewPage />;
}
