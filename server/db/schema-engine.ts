// Prisma's own migration engine as WebAssembly. The usual command line tool downloads a native engine at first
// use, which a machine without internet can't; this one arrives with npm and keeps `_prisma_migrations` the same way.

import { SchemaEngine } from '@prisma/schema-engine-wasm';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaLibSql } from '@prisma/adapter-libsql';

/** Opens the engine over the SQLite file at `url` ("file:..."). The caller frees it. */
export function openSchemaEngine(url: string, datamodel: string): Promise<SchemaEngine> {
  const database = new PrismaLibSql({ url });
  const shadow = new PrismaLibSql({ url: 'file::memory:' });
  const adapter = bindMigrationAwareSqlAdapterFactory({
    provider: database.provider,
    adapterName: database.adapterName,
    connect: () => database.connect(),
    connectToShadowDb: () => shadow.connect(),
  });
  return SchemaEngine.new({ datamodels: [['schema.prisma', datamodel]] }, () => undefined, adapter);
}
