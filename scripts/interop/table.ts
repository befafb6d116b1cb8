// docs/conformance.md, from what has just been run: nothing is in the table that was not tried.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allCodecs, type InteropClient, type Opened } from './client.ts';
import type { Outcome, Report } from './report.ts';

const path = join(import.meta.dirname, '..', '..', 'docs', 'conformance.md');

export function writeTable(clients: readonly Opened[], report: Report, recordCount: number): void {
  const sections = [opening(recordCount), clientTable(clients, report), matrixTable(clients, report), limits(clients), toolTable(report)];
  writeFileSync(path, `${sections.join('\n\n')}\n`);
  console.log(`wrote ${path}`);
}

function opening(recordCount: number): string {
  return [
    '# Conformance',
    '',
    'Made by `node scripts/interop/run.ts` against a cluster of three broker processes; not written by hand. Each client wrote',
    `${recordCount.toLocaleString('en')} records in every codec it has: keys, missing and empty keys, null and empty values, random bytes with line ends and`,
    'zero bytes, values of 50,000 bytes, headers that repeat, explicit partitions and timestamps. Each client then read what all of',
    'them wrote. Partition, offset, timestamp, key, value and headers in their order were compared byte for byte.',
  ].join('\n');
}

function clientTable(clients: readonly Opened[], report: Report): string {
  const rows = clients.map((client) => {
    if ('absent' in client) return `| ${client.name} | - | not run: ${client.absent} | |`;
    const checks = report.of(client.id);
    const failed = checks.filter(({ fault }) => fault !== null).length;
    return `| ${client.name} | ${client.version} | ${client.writes.join(', ')} | ${failed === 0 ? `all ${checks.length} checks` : `${checks.length - failed} of ${checks.length} checks`} |`;
  });
  return ['| client | version | codecs | passed |', '|---|---|---|---|', ...rows].join('\n');
}

function matrixTable(opened: readonly Opened[], report: Report): string {
  const clients = opened.filter((one): one is InteropClient => !('absent' in one));
  const rows = clients.map((reader) => `| **${reader.id}** | ${clients.map((writer) => cell(report.of(reader.id), writer)).join(' | ')} |`);
  const head = `| reads, written by | ${clients.map(({ id }) => id).join(' | ')} |`;
  return [
    '## Who read whom',
    '',
    'Letters are codecs: **n**one, **g**zip, **s**nappy, **l**z4, **z**std; a dot was not tried, an exclamation mark failed.',
    '',
    head,
    `|---|${clients.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n');
}

function cell(checks: readonly Outcome[], writer: InteropClient): string {
  const letters = allCodecs.map((codec) => {
    const check = checks.find(({ what }) => what === `reads what ${writer.id} wrote, ${codec}`);
    if (check === undefined) return '·';
    return check.fault === null ? codec[0] : '!';
  });
  return letters.join('');
}

function limits(clients: readonly Opened[]): string {
  const lines = clients.flatMap((client) => ('absent' in client ? [] : client.limits.map((limit) => `- ${client.name}: ${limit}.`)));
  return ['## What a client cannot say', '', 'Left out of the corpus that the client wrote or was expected to show:', '', ...lines].join(
    '\n',
  );
}

function toolTable(report: Report): string {
  const rows = report.outcomes
    .filter(({ subject }) => subject === 'introduction' || subject === 'admin tools')
    .map(({ what, fault, skipped }) => `| ${what} | ${skipped ? 'not run' : fault === null ? 'passed' : 'FAILED'} |`);
  return ["## The introduction's example and Apache Kafka's own tools", '', '| what | |', '|---|---|', ...rows].join('\n');
}
