import { describe, expect, it } from 'vitest';
import { plainDocumentation, readSetting } from './setting-words.ts';

const words = { ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd', gap: ' ' };

describe('a setting as people read it', () => {
  it.each([
    ['retention.ms', '21600000', '6 h'],
    ['segment.bytes', '67108864', '67.1 MB'],
    ['retention.ms', '-1', null],
    ['retention.bytes', '9223372036854775807', null],
    ['cleanup.policy', 'delete', null],
    ['min.insync.replicas', '2000', null],
    ['file.delete.delay.ms', null, null],
  ])('%s=%s reads %s', (name, value, reading) => expect(readSetting(name, value, words)).toBe(reading));
  it('drops markup and interprets none', () =>
    expect(plainDocumentation('The <i>minimum</i> of <code>acks</code>.<br>See &lt;here&gt; &amp; there.')).toBe(
      'The minimum of acks . See <here> & there.',
    ));
});
