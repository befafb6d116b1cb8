// What the target will refuse or drop, told before anything is sent.
'use client';

import { useTranslations } from 'next-intl';
import { Caution } from '#components/ui/notice.tsx';
import { useFormat, type Format } from '#components/ui/use-format.ts';
import type { Foretold } from '#server/messages/replay-model.ts';

export function ForetoldList({ foretold, topic }: { readonly foretold: readonly Foretold[]; readonly topic: string }): React.JSX.Element {
  const t = useTranslations('replay.foretold');
  const format = useFormat();
  return (
    <>
      {foretold.map((one) => (
        <Caution key={one.kind}>{wordsOf(one, topic, { t, format })}</Caution>
      ))}
    </>
  );
}

interface Words {
  readonly t: ReturnType<typeof useTranslations<'replay.foretold'>>;
  readonly format: Format;
}

function wordsOf(one: Foretold, topic: string, { t, format }: Words): string {
  switch (one.kind) {
    case 'expires':
      return t(`expires.${one.which}`, { topic, age: format.duration(one.retentionMs) });
    case 'too-large':
      return t('tooLarge', { topic, limit: format.bytes(one.limitBytes), largest: format.bytes(one.largestBytes) });
    case 'keyless':
      return t('keyless', { topic, count: one.count });
    case 'ahead':
      return t('ahead', { topic, age: format.duration(one.limitMs) });
    case 'behind':
      return t('behind', { topic, age: format.duration(one.limitMs) });
  }
}
