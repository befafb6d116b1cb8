// Brings the console's database to the schema of this release before anything is served. Runs in the supervisor,
// which holds the data directory's lock, so two migrations never meet.

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import { openSchemaEngine } from './schema-engine.ts';

const prismaDirectory = join(import.meta.dirname, '..', '..', 'prisma');

/** The migrations of this release, oldest first, in the shape that Prisma's engine takes. */
export function listMigrations(): MigrationList {
  const baseDir = join(prismaDirectory, 'migrations');
  const names = readdirSync(baseDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const migrationDirectories = names.sort().map((path) => ({
    path,
    migrationFile: {
      path: 'migration.sql',
      content: { tag: 'ok' as const, value: readFileSync(join(baseDir, path, 'migration.sql'), 'utf8') },
    },
  }));
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "sqlite"\n' },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

/**
 * Applies the migrations that the database at `file` hasn't seen.
 * @returns the names of those applied, oldest first
 * @throws when a migration fails or the database was written by a newer release
 */
export async function migrateDatabase(file: string): Promise<readonly string[]> {
  mkdirSync(dirname(file), { recursive: true });
  const engine = await openSchemaEngine(`file:${file}`, readFileSync(join(prismaDirectory, 'schema.prisma'), 'utf8'));
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: listMigrations(),
      filters: { externalTables: [], externalEnums: [] },
    });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}
