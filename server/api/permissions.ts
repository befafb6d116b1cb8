// Who may do what. Today's only principal is the local operator, who may do everything; the guard is asked all the
// same, by procedures and by jobs, so that users and roles are a matter of filling in principals later.

/** For queries and subscriptions: who holds these alone can change nothing. */
export const readingPermissions = ['clusters.view', 'cluster.view', 'records.read', 'views.view', 'session.view'] as const;

/** For mutations alone, so that nobody needs one of these to look. */
export const changingPermissions = [
  'clusters.edit',
  'topics.edit',
  'topics.delete',
  'records.write',
  'records.delete',
  'groups.delete',
  'replay.run',
  'demo.run',
  'lab.run',
  'partitions.move',
  'quorum.change',
  'views.edit',
] as const;

export const permissions = [...readingPermissions, ...changingPermissions] as const;

export type Permission = (typeof permissions)[number];

export interface Principal {
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** Whoever sits at this machine: the console listens on loopback unless told otherwise. */
export const localOperator: Principal = { name: 'local operator', permissions: new Set(permissions) };

export class NotPermittedError extends Error {
  override readonly name = 'NotPermittedError';
  readonly permission: Permission;
  constructor(principal: Principal, permission: Permission) {
    super(`${principal.name} lacks the permission ${permission}`);
    this.permission = permission;
  }
}

/** The one guard. Throws NotPermittedError. */
export function authorise(principal: Principal, permission: Permission): void {
  if (!principal.permissions.has(permission)) throw new NotPermittedError(principal, permission);
}
