// Every page of one cluster stands in this frame.
import { cookies } from 'next/headers';
import { fromSegment } from '#components/shell/addresses.ts';
import { ClusterShell } from '#components/shell/cluster-shell.tsx';
import { foldCookie, toFold } from '#components/shell/fold.ts';

interface LayoutProps {
  readonly children: React.ReactNode;
  readonly params: Promise<{ cluster: string }>;
}

export default async function ClusterLayout({ children, params }: LayoutProps): Promise<React.JSX.Element> {
  const { cluster } = await params;
  const fold = toFold((await cookies()).get(foldCookie)?.value);
  return (
    <ClusterShell clusterId={fromSegment(cluster)} fold={fold}>
      {children}
    </ClusterShell>
  );
}
