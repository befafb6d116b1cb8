// Reads what Kafka's DumpLogSegments prints with --deep-iteration --print-data-log.

export interface DumpedRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly headerKeys: readonly string[];
  /** Null for no key; control records have neither key nor payload here. */
  readonly key: string | null;
  readonly payload: string | null;
  /** COMMIT or ABORT for a transaction marker. */
  readonly marker: string | null;
  readonly codec: string;
  readonly producerId: number;
  readonly isTransactional: boolean;
}

export interface DumpedLog {
  readonly records: readonly DumpedRecord[];
  readonly batchCount: number;
  /** Lines in which the tool complains. */
  readonly complaints: readonly string[];
}

const batchLine =
  /^baseOffset: (\d+) .*producerId: (-?\d+) .*isTransactional: (true|false) .*compresscodec: (\w+) crc: \d+ isvalid: (true|false)/;
const recordLine = /^\| offset: (\d+) \w+: (-?\d+) keySize: (-?\d+) valueSize: (-?\d+) sequence: -?\d+ headerKeys: \[(.*?)\](?: (.*))?$/;
// The tool also says "-1 is followed by N" of every file that doesn't begin with offset 0, Kafka's own
// included; only a real predecessor makes it a complaint.
const complaint = /isvalid: false|mismatch|corrupt|invalid|exception|found indexes|^\s*\d+ is followed by|out of order|Could not/i;

export function parseDump(output: string): DumpedLog {
  const records: DumpedRecord[] = [];
  const complaints: string[] = [];
  let batchCount = 0;
  let batch = { producerId: -1, isTransactional: false, codec: 'none' };
  for (const line of output.split('\n')) {
    const head = batchLine.exec(line);
    if (head !== null) {
      batchCount++;
      batch = { producerId: Number(head[2]), isTransactional: head[3] === 'true', codec: head[4]!.toLowerCase() };
    }
    const body = recordLine.exec(line);
    if (body !== null) records.push({ ...toRecord(body), ...batch });
    else if (complaint.test(line.replace('isvalid: true', ''))) complaints.push(line);
  }
  return { records, batchCount, complaints };
}

function toRecord(body: RegExpExecArray): Omit<DumpedRecord, 'codec' | 'producerId' | 'isTransactional'> {
  const rest = body[6] ?? '';
  const marker = /^endTxnMarker: (\w+)/.exec(rest)?.[1] ?? null;
  const hasKey = Number(body[3]) >= 0;
  const hasValue = Number(body[4]) >= 0;
  const content = /^(?:key: (.*?))?(?:(?:^| )payload: (.*))?$/.exec(rest);
  return {
    offset: Number(body[1]),
    timestamp: Number(body[2]),
    headerKeys: body[5] === '' ? [] : body[5]!.split(','),
    marker,
    key: marker === null && hasKey ? (content?.[1] ?? '') : null,
    payload: marker === null && hasValue ? (content?.[2] ?? '') : null,
  };
}
