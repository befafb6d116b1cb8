// Replaying ranges of the topic one is reading.
'use client';

import { useState } from 'react';
import { RangeChooser } from './range-chooser.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { isRangeWrong, toRangeSource, type RangeDraft } from './replay-draft.ts';
import { useTargetTopics } from './use-replay.ts';

export interface RangeReplayProps {
  readonly topic: string;
  readonly onClose: () => void;
  readonly onStarted: (id: string) => void;
}

export function RangeReplay({ topic, onClose, onStarted }: RangeReplayProps): React.JSX.Element {
  const count = useTargetTopics().find((one) => one.name === topic)?.partitionCount ?? 0;
  const [changed, setChanged] = useState<readonly RangeDraft[] | null>(null);
  const ranges = changed ?? Array.from({ length: count }, (_, partition) => ({ partition, isChosen: true, from: null, to: null }));
  const isWrong = ranges.some((range) => range.isChosen && isRangeWrong(range));
  const source = toRangeSource(topic, isWrong ? [] : ranges);
  return (
    <ReplayDialog
      source={source}
      onClose={onClose}
      onStarted={onStarted}
      chooser={<RangeChooser ranges={ranges} onRanges={setChanged} />}
    />
  );
}
