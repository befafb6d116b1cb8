// Deleting a group: its commits are gone with it, so that is said first.
'use client';

import { useTranslations } from 'next-intl';
import { Confirm } from '#components/ui/dialog.tsx';
import { ForeignText, useForeignWords } from '#components/ui/foreign-text.tsx';
import { CodeBlock } from '#components/ui/notice.tsx';
import type { GroupDetail } from '#server/cluster/port.ts';
import { useDeleteGroup } from './use-groups.ts';

export function DeleteGroup({
  group,
  isOpen,
  onClose,
}: {
  readonly group: GroupDetail;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}): React.JSX.Element {
  const t = useTranslations('groups.delete');
  const name = useForeignWords()(group.groupId);
  const deed = useDeleteGroup(group.groupId);
  return (
    <Confirm
      title={t('title', { group: name })}
      isOpen={isOpen}
      onClose={onClose}
      deed={t('deed', { group: name })}
      keep={t('keep')}
      onConfirm={() => deed.run()}
      isBusy={deed.isBusy}
      problem={deed.problem}
      failed={t('failed', { group: name })}
    >
      <p>{t('text', { group: name, count: group.offsets.length })}</p>
      <CodeBlock>
        DeleteGroups <ForeignText text={group.groupId} />
      </CodeBlock>
    </Confirm>
  );
}
