// The only place that opens the Prisma client. Next bundles routes and instrumentation apart, so the one open
// database of a process hangs on globalThis: two clients on one SQLite file would wait for each other's locks.

import { PrismaLibSql } from '@prisma/adapter-libsql';
import { PrismaClient } from '#prisma/generated/client.ts';

export type Database = PrismaClient;

declare global {
  var logariumDatabase: Database | undefined;
}

/** Opens the SQLite file at `file`, which `migrateDatabase` has brought up to date. */
export function openDatabase(file: string): Database {
  return new PrismaClient({ adapter: new PrismaLibSql({ url: `file:${file}` }) });
}

/** The database of this console process, named by LOGARIUM_DATABASE. */
export function database(): Database {
  const file = process.env['LOGARIUM_DATABASE'];
  if (file === undefined)
    throw new Error('LOGARIUM_DATABASE is not set: start the console through `npm start`, which migrates the database first');
  globalThis.logariumDatabase ??= openDatabase(file);
  return globalThis.logariumDatabase;
}
