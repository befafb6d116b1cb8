// What a group committed last is what it finds: never older than the last acknowledged commit, never newer than the last
// one tried.

import type { History, Violation } from '../history.ts';

export function commitsStay(history: History): Violation[] {
  return [...history.acknowledgedCommits].flatMap(([groupId, acknowledged]) => {
    const kept = history.keptCommits.get(groupId) ?? -1;
    const tried = history.triedCommits.get(groupId) ?? -1;
    return kept >= acknowledged && kept <= tried
      ? []
      : [`group ${groupId} was told ${acknowledged} is committed (tried up to ${tried}) and finds ${kept}`];
  });
}
