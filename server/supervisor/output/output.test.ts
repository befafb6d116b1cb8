// What a person sees, and what a program reads, of the same entries.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptFiles, LogFile } from './log-file.ts';
import { Output } from './output.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-output-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function outputOn(isTerminal: boolean) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const output = new Output({ isTerminal, toStdout: (line) => void stdout.push(line), toStderr: (line) => void stderr.push(line) });
  const brokerLine = (level: string, event: string, fields: object): void =>
    output.printed({
      source: 'broker 2',
      stream: 'stderr',
      text: JSON.stringify({ time: '2026-01-01T00:00:00.000Z', level, broker: 2, event, ...fields }),
    });
  /** Without the time of day. */
  const sentences = (): string[] => stdout.map((line) => line.replace(/^ {2}\d\d:\d\d:\d\d {2}/, ''));
  return { output, stdout, stderr, brokerLine, sentences };
}

describe('a terminal', () => {
  test('gets changes and faults in one sentence each, and nothing of the daily round', () => {
    const { output, brokerLine, sentences } = outputOn(true);
    brokerLine('info', 'quorum-leader', { epoch: 1 });
    brokerLine('debug', 'connection-closed', { reason: 'closed by the client' });
    brokerLine('warn', 'disk-full', { directory: '/data', path: '/data/t-0', effect: 'producers wait' });
    output.say('error', 'process-ended', { process: 'broker 2', how: 'SIGKILL' });
    output.say('info', 'broker-unfenced', { unfenced: 2 });
    expect(sentences()).toEqual([
      'Broker 2: disk full (directory: /data, path: /data/t-0, effect: producers wait)',
      'Broker 2 ended unexpectedly (SIGKILL) and is started again.',
      'Broker 2 is in service again.',
    ]);
  });

  test('is not filled by one fault that comes again and again', () => {
    const { output, brokerLine, sentences } = outputOn(true);
    for (let port = 1; port <= 50; port++)
      brokerLine('warn', 'connection-refused', { address: `10.0.0.1:${port}`, clientId: '', software: '', reason: 'not served' });
    output.end('stopped');
    expect(sentences()).toEqual([
      'Broker 2 refused a connection from 10.0.0.1:1: not served.',
      '49 more like this: Broker 2 refused a connection from 10.0.0.1:1: not served.',
      'Everything has stopped.',
    ]);
  });

  test('hears once of a setting that has no effect, whichever brokers say so', () => {
    const { output, brokerLine, sentences } = outputOn(true);
    for (const broker of [1, 2, 3])
      brokerLine('warn', 'setting-without-effect', { broker, name: 'num.io.threads', reason: 'one event loop' });
    output.end('stopped');
    expect(sentences()[0]).toBe('The setting num.io.threads has no effect here: one event loop.');
    expect(sentences()[1]).toMatch(/^2 more like this/);
  });

  test('hears once of a fault that many logs of a broker have', () => {
    const { brokerLine, sentences } = outputOn(true);
    for (let partition = 0; partition < 1_000; partition++)
      brokerLine('error', 'log-damaged', { topic: 't', partition, reason: 'a bad checksum' });
    expect(sentences()).toEqual(['Broker 2: log damaged: a bad checksum']);
  });

  test('hears once why a broker ended: of the supervisor, which says what follows from it', () => {
    const { output, brokerLine, sentences } = outputOn(true);
    brokerLine('error', 'fatal', { reason: 'no room', stack: 'Error: no room' });
    brokerLine('error', 'start-failed', { reason: 'no room' });
    output.say('error', 'process-ended', { process: 'broker 2', how: 'no room' });
    expect(sentences()).toEqual(['Broker 2 ended unexpectedly (no room) and is started again.']);
  });

  test('never gets what a client could make it act on', () => {
    const { brokerLine, sentences } = outputOn(true);
    brokerLine('warn', 'connection-refused', { address: 'a', clientId: '\u001b[2Jx', software: '', reason: 'no\u0007' });
    expect(sentences()[0]).toBe('Broker 2 refused a connection from a, client id "\\u001b[2Jx": no?.');
  });

  test('never gets what a fault quotes as it is either', () => {
    const { brokerLine, sentences } = outputOn(true);
    brokerLine('error', 'log-damaged', { topic: 't', partition: 0, reason: 'a bad name: \u001b]0;x\u0007\u009b2J' });
    expect(sentences()).toEqual(['Broker 2: log damaged: a bad name: ?]0;x??2J']);
  });

  test('has everything in a file beside it, as JSON', () => {
    const { output, brokerLine } = outputOn(true);
    const path = output.openFile(directory) as string;
    brokerLine('info', 'ready', { port: 9092 });
    output.printed({ source: 'console', stream: 'stderr', text: 'TypeError: no' });
    output.end('stopped');
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toMatchObject([
      { level: 'info', source: 'broker 2', event: 'ready', port: 9092 },
      { level: 'warn', source: 'console', event: 'printed', text: 'TypeError: no' },
      { level: 'info', source: 'supervisor', event: 'stopped' },
    ]);
  });
});

describe('anything that is no terminal', () => {
  test('gets every entry as a line of JSON on stdout, words for people on stderr, and no file', () => {
    const { output, stdout, stderr, brokerLine } = outputOn(false);
    expect(output.openFile(directory)).toBeNull();
    brokerLine('debug', 'connection-closed', {});
    output.printed({ source: 'console', stream: 'stdout', text: 'a plain line' });
    output.tell(['  Bootstrap  127.0.0.1:9092']);
    expect(stdout.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { event: 'connection-closed' },
      { event: 'printed', level: 'info' },
    ]);
    expect(stderr).toEqual(['  Bootstrap  127.0.0.1:9092']);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('the log file', () => {
  test('starts anew when it is full, keeps some, and never grows beyond its bound', () => {
    const maxBytes = 1_000;
    const log = new LogFile(join(directory, 'logs', 'logarium.log'), () => {}, maxBytes);
    const line = 'x'.repeat(99);
    for (let count = 0; count < 100; count++) log.write(`${String(count).padStart(3)}${line}`);
    log.close();
    const names = readdirSync(join(directory, 'logs'));
    expect(names).toHaveLength(keptFiles);
    for (const name of names) expect(statSync(join(directory, 'logs', name)).size).toBeLessThan(maxBytes + line.length + 10);
    expect(readFileSync(log.path, 'utf8').trimEnd().split('\n').at(-1)).toBe(` 99${line}`);
  });

  test('goes on where the last run ended', () => {
    for (const text of ['one', 'two']) {
      const log = new LogFile(join(directory, 'logarium.log'), () => {});
      log.write(text);
      log.close();
    }
    expect(readFileSync(join(directory, 'logarium.log'), 'utf8')).toBe('one\ntwo\n');
  });

  test('that can not be opened is no reason not to start', () => {
    writeFileSync(join(directory, 'logs'), '');
    const { output, sentences } = outputOn(true);
    output.openFile(directory);
    output.say('info', 'broker-unfenced', { unfenced: 2 });
    expect(sentences()).toEqual([
      expect.stringMatching(/^The log can't be written, its lines are lost: EEXIST/),
      'Broker 2 is in service again.',
    ]);
  });

  test('that can not be written loses lines and says so once, not the cluster', () => {
    const failures: (string | null)[] = [];
    const log = new LogFile(join(directory, 'logs', 'logarium.log'), (reason) => failures.push(reason), 1);
    log.write('fits');
    rmSync(join(directory, 'logs'), { recursive: true });
    log.write('lost');
    log.write('lost too');
    expect(failures).toEqual([expect.stringContaining('ENOENT')]);
    log.close();
  });
});
