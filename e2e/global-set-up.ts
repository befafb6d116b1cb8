// One cluster for the whole browser run; its addresses reach the tests through the environment.

import { startCluster } from './cluster.ts';

export default async function setUp(): Promise<() => Promise<void>> {
  const cluster = await startCluster();
  process.env['LOGARIUM_E2E_CONSOLE'] = cluster.consoleUrl;
  process.env['LOGARIUM_E2E_BOOTSTRAP'] = cluster.bootstrap.join(',');
  return () => cluster.stop();
}
