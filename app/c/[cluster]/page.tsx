import { redirect } from 'next/navigation';
import { fromSegment, toSegment } from '#components/shell/addresses.ts';

export default async function ClusterHome({ params }: { readonly params: Promise<{ cluster: string }> }): Promise<never> {
  redirect(`/c/${toSegment(fromSegment((await params).cluster))}/live`);
}
