// The door: straight to the live picture of the cluster one looked at last.
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { toSegment } from '#components/shell/addresses.ts';
import { lastClusterCookie } from '#components/shell/last-cluster.ts';

export default async function Home(): Promise<never> {
  const last = (await cookies()).get(lastClusterCookie)?.value ?? 'embedded';
  redirect(`/c/${toSegment(last)}/live`);
}
