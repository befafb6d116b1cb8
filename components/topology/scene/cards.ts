// Who stands on the left and on the right: clients, families of clients, groups, and readers without a group.
// A card is a place with a pipe. When there are more clients than places, families share one by prefix.

import { isOwnClient } from './own-clients.ts';
import type { GroupDetail } from '#server/cluster/port.ts';

export interface ClientCard {
  readonly key: string;
  readonly kind: 'client' | 'family' | 'rest' | 'own' | 'others' | 'unknown-writers';
  /** The client id, or the family's prefix with a star. */
  readonly label: string;
  readonly clientIds: readonly string[];
}

export interface GroupCard {
  readonly key: string;
  readonly kind: 'group' | 'rest' | 'reader';
  readonly label: string;
  readonly groupIds: readonly string[];
}

/** "web-tracker-17" and "web-tracker-4" are one family, "web-tracker-". */
export function familyPrefix(clientId: string): string {
  const cut = Math.max(clientId.lastIndexOf('-'), clientId.lastIndexOf('_'), clientId.lastIndexOf('.'), clientId.lastIndexOf(':'));
  return cut > 0 ? clientId.slice(0, cut + 1) : clientId;
}

function toFamilies(clientIds: readonly string[]): readonly ClientCard[] {
  const families = new Map<string, string[]>();
  for (const clientId of clientIds) {
    const prefix = familyPrefix(clientId);
    families.set(prefix, [...(families.get(prefix) ?? []), clientId]);
  }
  return [...families].map(([prefix, members]): ClientCard =>
    members.length === 1 ? toClientCard(members[0]!) : { key: `family:${prefix}`, kind: 'family', label: `${prefix}*`, clientIds: members },
  );
}

function toClientCard(clientId: string): ClientCard {
  return { key: `client:${clientId}`, kind: 'client', label: clientId, clientIds: [clientId] };
}

/** Cards for the clients, at most `capacity`: each its own, else families, else the last card holds the rest.
 *  The console's own connections share one. */
export function toClientCards(clientIds: readonly string[], capacity: number): readonly ClientCard[] {
  const own = clientIds.filter(isOwnClient);
  if (own.length === 0) return toOthersCards(clientIds, capacity);
  const others = clientIds.filter((clientId) => !isOwnClient(clientId));
  return [...toOthersCards(others, Math.max(1, capacity - 1)), { key: 'clients:own', kind: 'own', label: '', clientIds: own }];
}

function toOthersCards(clientIds: readonly string[], capacity: number): readonly ClientCard[] {
  if (clientIds.length <= capacity) return clientIds.map(toClientCard);
  const families = toFamilies(clientIds);
  if (families.length <= capacity) return families;
  const rest = families.slice(capacity - 1).flatMap((card) => card.clientIds);
  return [...families.slice(0, capacity - 1), { key: 'clients:rest', kind: 'rest', label: String(rest.length), clientIds: rest }];
}

/** The one card that stands for all writers where the cluster doesn't tell them apart. */
export const unknownWriters: ClientCard = { key: 'clients:unknown', kind: 'unknown-writers', label: '', clientIds: [] };

/** Writers of the record beyond those that were told by name. */
export const otherWriters: ClientCard = { key: 'clients:others', kind: 'others', label: '', clientIds: [] };

function byActivity(a: GroupDetail, b: GroupDetail): number {
  return Number(b.members.length > 0) - Number(a.members.length > 0) || a.groupId.localeCompare(b.groupId);
}

/** Cards for groups and for readers that belong to none, at most `capacity`; groups with members come first. */
export function toGroupCards(groups: readonly GroupDetail[], readers: readonly string[], capacity: number): readonly GroupCard[] {
  const cards: GroupCard[] = groups
    .toSorted(byActivity)
    .map((group) => ({ key: `group:${group.groupId}`, kind: 'group', label: group.groupId, groupIds: [group.groupId] }));
  for (const reader of readers) cards.push({ key: `reader:${reader}`, kind: 'reader', label: reader, groupIds: [] });
  if (cards.length <= capacity) return cards;
  const rest = cards.slice(capacity - 1);
  return [
    ...cards.slice(0, capacity - 1),
    { key: 'groups:rest', kind: 'rest', label: String(rest.length), groupIds: rest.flatMap((card) => card.groupIds) },
  ];
}
