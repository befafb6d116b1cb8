// One cluster for the whole browser run; its addresses reach the tests through the environment. Who names a console
// that already runs (with both variables set) gets the tests against that one, which is how specs are written.

import { startCluster } from './cluster.ts';

export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env['LOGARIUM_E2E_CONSOLE'] !== undefined && process.env['LOGARIUM_E2E_BOOTSTRAP'] !== undefined)
    return async () => undefined;
  const cluster = await startCluster();
  process.env['LOGARIUM_E2E_CONSOLE'] = cluster.consoleUrl;
  process.env['LOGARIUM_E2E_BOOTSTRAP'] = cluster.bootstrap.join(',');
  return () => cluster.stop();
}
