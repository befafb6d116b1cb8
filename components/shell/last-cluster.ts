// Remembers which cluster was looked at last, so that the door leads there.
export const lastClusterCookie = 'logarium-cluster';

export function rememberCluster(clusterId: string): void {
  document.cookie = `${lastClusterCookie}=${encodeURIComponent(clusterId)};path=/;max-age=31536000;samesite=lax`;
}
