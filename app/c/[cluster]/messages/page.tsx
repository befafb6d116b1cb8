import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { MessagesScreen } from './messages-screen.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell.place'))('messages') };
}

export default function Page(): React.JSX.Element {
  return <MessagesScreen />;
}
