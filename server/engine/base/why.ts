// Why something happened, as data: screens word it in the reader's language, and whoever reads plain text gets the English
// words from here. What a client or the operating system said of itself stays text, inside the params.

export type Why =
  | Told<'generation-joined' | 'generation-assigned', { readonly generation: number }>
  | Told<'member-joined' | 'member-left' | 'static-returned' | 'static-returned-changed', Member>
  | Told<'subscription-changed' | 'leader-rejoined', Member>
  | Told<'member-left-early' | 'session-expired', { readonly member: string }>
  | Told<'members-left', { readonly count: number; readonly members: string }>
  | Told<'sync-late' | 'assignment-refused' | 'no-members' | 'group-deleted' | 'group-forgotten' | 'rejoined', Nothing>
  | Told<'group-too-large', { readonly members: number; readonly allowed: number }>
  | Told<'unregistered' | 'restarted' | 'controlled-shutdown' | 'session-timed-out', Nothing>
  | Told<'broker-unregistered' | 'broker-stopping' | 'broker-back', Broker>
  | Told<'broker-fenced-restarted' | 'broker-fenced-shutdown' | 'broker-fenced-silent', Broker>
  | Told<'election', Nothing>
  /** Nobody was in sync any more: who leads instead. The last two may lack what was acknowledged. */
  | Told<'elected-eligible' | 'elected-last-known' | 'elected-unclean', Broker>
  | Told<'fell-behind' | 'caught-up', { readonly brokers: string }>
  | Told<'followed-leader' | 'records-deleted' | 'snapshot' | 'leader-began-later', Nothing>
  | Told<'retention-time' | 'retention-size' | 'retention-log-start', Nothing>;

export type WhyKind = Why['kind'];

type Told<Kind extends string, Params> = Kind extends string ? { readonly kind: Kind; readonly params: Params } : never;
type Nothing = Readonly<Record<string, never>>;
interface Member {
  readonly member: string;
  /** What the client gave as its reason; '' when it gave none. */
  readonly reason: string;
}
interface Broker {
  readonly broker: number;
}

const nothing: Nothing = {};

/** The kinds that need no params. */
export type PlainKind = Extract<Why, { readonly params: Nothing }>['kind'];

export function plainly(kind: PlainKind): Why {
  return { kind, params: nothing };
}

const plainWords: Readonly<Record<PlainKind, string>> = {
  'sync-late': 'members did not sync in time',
  'assignment-refused': 'the assignment could not be written',
  'no-members': 'no members are left',
  'group-deleted': 'the group was deleted',
  'group-forgotten': 'the group is empty and keeps no offsets',
  rejoined: '',
  unregistered: 'unregistered',
  restarted: 'restarted',
  'controlled-shutdown': 'controlled shutdown',
  'session-timed-out': 'session timed out',
  election: 'election',
  'followed-leader': 'replication',
  'records-deleted': 'delete-records',
  snapshot: 'snapshot',
  'leader-began-later': 'the leader',
  'retention-time': 'retention by time',
  'retention-size': 'retention by size',
  'retention-log-start': 'retention by log-start',
};

export function whyWords(why: Why): string {
  switch (why.kind) {
    case 'generation-joined':
      return `generation ${why.params.generation} has joined`;
    case 'generation-assigned':
      return `generation ${why.params.generation} is assigned`;
    case 'member-joined':
      return `${why.params.member} joined${inBrackets(why.params.reason)}`;
    case 'member-left':
      return `${why.params.member} left${why.params.reason === '' ? '' : `: ${why.params.reason}`}`;
    case 'member-left-early':
      return `${why.params.member} left before it joined`;
    case 'members-left':
      return `${why.params.members} left`;
    case 'session-expired':
      return `the session of ${why.params.member} expired`;
    case 'subscription-changed':
      return `${why.params.member} changed its subscription${inBrackets(why.params.reason)}`;
    case 'leader-rejoined':
      return `the leader ${why.params.member} joined again${inBrackets(why.params.reason)}`;
    case 'static-returned':
      return `static member ${why.params.member} returned${inBrackets(why.params.reason)}`;
    case 'static-returned-changed':
      return `static member ${why.params.member} returned with other protocols${inBrackets(why.params.reason)}`;
    case 'group-too-large':
      return `the group has ${why.params.members} members, ${why.params.allowed} are allowed`;
    case 'broker-unregistered':
      return `broker ${why.params.broker} unregistered`;
    case 'broker-stopping':
      return `broker ${why.params.broker} is shutting down`;
    case 'broker-back':
      return `broker ${why.params.broker} is back`;
    case 'broker-fenced-restarted':
      return `broker ${why.params.broker} fenced: restarted`;
    case 'broker-fenced-shutdown':
      return `broker ${why.params.broker} fenced: controlled shutdown`;
    case 'broker-fenced-silent':
      return `broker ${why.params.broker} fenced: session timed out`;
    case 'elected-eligible':
      return `nobody was in sync: broker ${why.params.broker} was an eligible replica`;
    case 'elected-last-known':
      return `unclean: broker ${why.params.broker} led last, and its disk may have lost records`;
    case 'elected-unclean':
      return `unclean: broker ${why.params.broker} was out of sync, and what it lacks is lost`;
    case 'fell-behind':
      return `${why.params.brokers} fell behind`;
    case 'caught-up':
      return `${why.params.brokers} caught up`;
    default:
      return plainWords[why.kind];
  }
}

function inBrackets(reason: string): string {
  return reason === '' ? '' : ` (${reason})`;
}
