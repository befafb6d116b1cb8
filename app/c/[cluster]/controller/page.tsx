import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ControllerPage } from '#components/controller/controller-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell.place'))('controller') };
}

export default function Page(): React.JSX.Element {
  return <ControllerPage />;
}
