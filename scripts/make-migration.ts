// Writes the SQL that leads from the migrations so far to prisma/schema.prisma: `node scripts/make-migration.ts NAME`.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '../server/db/migrate.ts';
import { openSchemaEngine } from '../server/db/schema-engine.ts';

const name = process.argv[2];
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) throw new Error('usage: node scripts/make-migration.ts some_name');

const prismaDirectory = join(import.meta.dirname, '..', 'prisma');
const datamodel = readFileSync(join(prismaDirectory, 'schema.prisma'), 'utf8');
// The migrations are applied to a database of the moment and that is compared: the engine's own replay of them, in
// a shadow database, loses tables between libSQL's connections.
const scratch = mkdtempSync(join(tmpdir(), 'logarium-migration-'));
const file = join(scratch, 'migrated.db');
await migrateDatabase(file);
const engine = await openSchemaEngine(`file:${file}`, datamodel);
const files = [{ path: 'schema.prisma', content: datamodel }];
const { stdout } = await engine.diff({
  from: { tag: 'schemaDatasource', files, configDir: prismaDirectory },
  to: { tag: 'schemaDatamodel', files },
  script: true,
  exitCode: null,
  filters: { externalTables: ['_prisma_migrations'], externalEnums: [] },
});
engine.free();
rmSync(scratch, { recursive: true });

const isEmpty = stdout === null || !/^\s*[A-Z]/m.test(stdout.replaceAll(/^--.*$/gm, ''));
if (isEmpty) throw new Error('the migrations so far already lead to prisma/schema.prisma');
const stamp = new Date().toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
const directory = join(prismaDirectory, 'migrations', `${stamp}_${name}`);
mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'migration.sql'), stdout);
console.log(directory);
