// A setting's raw value as people read it, and its documentation as plain text. Pure: the raw value always stays
// beside the reading, because it is what the cluster holds.
import { formatBytes, formatDuration, type UnitWords } from '#components/ui/format.ts';

/** "21600000" of retention.ms reads "6 h"; null where the raw value says it all. */
export function readSetting(name: string, value: string | null, words: UnitWords): string | null {
  if (value === null || !/^\d+$/.test(value)) return null;
  const amount = Number(value);
  if (!Number.isSafeInteger(amount) || amount < 1000) return null;
  if (name.endsWith('.ms')) return formatDuration(amount, words);
  return name.endsWith('.bytes') ? formatBytes(amount) : null;
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'", '&nbsp;': ' ' };

/** Kafka documents its settings in HTML; the markup is dropped and never interpreted. */
export function plainDocumentation(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(?:lt|gt|amp|quot|nbsp|#39);/g, (entity) => entities[entity] ?? entity)
    .replaceAll(/\s+/g, ' ')
    .trim();
}
