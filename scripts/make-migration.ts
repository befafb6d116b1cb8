// Writes the SQL that leads from the migrations so far to prisma/schema.prisma: `node scripts/make-migration.ts NAME`.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listMigrations } from '../server/db/migrate.ts';
import { openSchemaEngine } from '../server/db/schema-engine.ts';

const name = process.argv[2];
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) throw new Error('usage: node scripts/make-migration.ts some_name');

const prismaDirectory = join(import.meta.dirname, '..', 'prisma');
const datamodel = readFileSync(join(prismaDirectory, 'schema.prisma'), 'utf8');
const engine = await openSchemaEngine('file::memory:', datamodel);
const { stdout } = await engine.diff({
  from: { tag: 'migrations', ...listMigrations() },
  to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: datamodel }] },
  script: true,
  exitCode: null,
  filters: { externalTables: [], externalEnums: [] },
});
const stamp = new Date().toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
const directory = join(prismaDirectory, 'migrations', `${stamp}_${name}`);
mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'migration.sql'), stdout ?? '');
console.log(directory);
