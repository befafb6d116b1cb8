// The places of the console, in groups as the rail shows them. A place is listed once it is built.
import { Crown, FlaskConical, Gauge, Layers, Server, TextSearch, Users, Waypoints, type LucideIcon } from 'lucide-react';

export type PlaceId = 'live' | 'overview' | 'topics' | 'messages' | 'groups' | 'brokers' | 'controller' | 'lab';

export interface Place {
  readonly id: PlaceId;
  readonly icon: LucideIcon;
}

export const placeGroups: readonly (readonly Place[])[] = [
  [
    { id: 'live', icon: Waypoints },
    { id: 'overview', icon: Gauge },
  ],
  [
    { id: 'topics', icon: Layers },
    { id: 'messages', icon: TextSearch },
    { id: 'groups', icon: Users },
  ],
  [
    { id: 'brokers', icon: Server },
    { id: 'controller', icon: Crown },
  ],
  [{ id: 'lab', icon: FlaskConical }],
];

export const phonePlaces: readonly PlaceId[] = ['live', 'overview', 'messages', 'topics'];

export function placeOf(pathname: string): PlaceId | null {
  const segment = pathname.split('/')[3];
  return placeGroups.flat().find((place) => place.id === segment)?.id ?? null;
}
