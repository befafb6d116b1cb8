import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { LabPage } from '#components/lab/lab-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell.place'))('lab') };
}

export default function Page(): React.JSX.Element {
  return <LabPage />;
}
