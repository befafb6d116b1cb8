// The page of all clusters stands in the same frame, without one of them in it.
import { cookies } from 'next/headers';
import { foldCookie, toFold } from '#components/shell/fold.ts';
import { Shell } from '#components/shell/shell.tsx';

export default async function ClustersLayout({ children }: { readonly children: React.ReactNode }): Promise<React.JSX.Element> {
  return <Shell fold={toFold((await cookies()).get(foldCookie)?.value)}>{children}</Shell>;
}
