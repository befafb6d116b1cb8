import { redirect } from 'next/navigation';

export default async function ClusterHome({ params }: { readonly params: Promise<{ cluster: string }> }): Promise<never> {
  redirect(`/c/${(await params).cluster}/live`);
}
