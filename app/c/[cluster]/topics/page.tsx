import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { TopicsPage } from '#components/topics/topics-page.tsx';
import { SavedViews } from '#components/views/saved-views.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell.place'))('topics') };
}

export default function Page(): React.JSX.Element {
  return <TopicsPage viewActions={<SavedViews page="topics" />} />;
}
