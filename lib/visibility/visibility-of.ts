import { ArchiveError } from '../domain/errors.ts';
import { isGuid } from '../domain/event-query.ts';
import { SEES_ALL, type Visibility } from '../domain/visibility.ts';
import type { Caller } from '../identity/caller.ts';
import { ORGANIZATION_ROLES, type Role, type RoleSource, SPACE_ROLES } from './ports.ts';

export interface VisibilityOptions {
  /** Of one foundation, whose UAA has vouched for the callers. */
  readonly roles: RoleSource;
  /** How long an answer may be used; at most and by default 60 s. */
  readonly maxAgeMs?: number;
  /** Milliseconds of a clock that never goes back; default: the process's. */
  readonly elapsedMs?: () => number;
}

const GLOBAL_SCOPES = [
  'cloud_controller.admin',
  'cloud_controller.admin_read_only',
  'cloud_controller.global_auditor',
];

const MAX_AGE_MS = 60_000;

/** Users whose roles are held at once. */
const MAX_USERS = 10_000;

interface Held {
  readonly visibility: Promise<Visibility>;
  readonly askedAt: number;
}

export const seesAll = ({ scopes }: Pick<Caller, 'scopes'>): boolean =>
  GLOBAL_SCOPES.some((scope) => scopes.includes(scope));

/**
 * Make the function that says what a caller may see: exactly what Cloud Controller would show now.
 *
 * Global readers see all. Everybody else sees events of spaces with a role of auditor, developer or supporter there, and those of organizations with the role of auditor there, whatever became of their spaces. Roles are those of now, not of the time of the event: where a space is gone, its roles are, too.
 * Questions of one user share one look-up, whose age counts from when it began. A failed one is not kept.
 *
 * The function throws the signal's reason when that comes first, ArchiveError ROLES_UNAVAILABLE when roles cannot be read, and TOKEN_INVALID for a client without a user whose id has the form of a user's GUID: it could be taken for that user.
 */
export function createVisibility({
  roles,
  maxAgeMs = MAX_AGE_MS,
  elapsedMs = () => performance.now(),
}: VisibilityOptions): (caller: Caller, signal?: AbortSignal) => Promise<Visibility> {
  const held = new Map<string, Held>();
  const age = Math.min(maxAgeMs, MAX_AGE_MS);

  return async (caller, signal) => {
    if (seesAll(caller)) return SEES_ALL;
    const { userGuid, clientId } = caller;
    if (userGuid === clientId && isGuid(clientId)) {
      throw new ArchiveError(
        'TOKEN_INVALID',
        'the token is refused: it is of a client whose id has the form of a GUID, and could be taken for a user; log in as a user',
      );
    }
    const now = elapsedMs();
    const known = held.get(userGuid);
    if (known && now - known.askedAt < age) return unlessAborted(known.visibility, signal);
    const visibility = lookUp(roles, userGuid);
    const entry = { visibility, askedAt: now };
    held.delete(userGuid);
    held.set(userGuid, entry);
    const oldest = held.keys().next();
    if (held.size > MAX_USERS && !oldest.done) held.delete(oldest.value);
    visibility.catch(() => {
      if (held.get(userGuid) === entry) held.delete(userGuid);
    });
    return unlessAborted(visibility, signal);
  };
}

/** Whoever goes away waits no longer; the look-up goes on for the others. */
function unlessAborted<T>(waiting: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return waiting;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    waiting.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

async function lookUp(roles: RoleSource, userGuid: string): Promise<Visibility> {
  try {
    return visibilityOf(await roles(userGuid, [...SPACE_ROLES, ...ORGANIZATION_ROLES]));
  } catch (cause) {
    // Whoever asks us reads the message; what went wrong between us and Cloud Controller is in `cause`.
    throw new ArchiveError(
      'ROLES_UNAVAILABLE',
      'what you may see is not known now, because Cloud Controller does not tell your roles; ask again in a minute',
      { cause },
    );
  }
}

function visibilityOf(roles: readonly Role[]): Visibility {
  const guidsOf = (types: readonly string[]): string[] =>
    [...new Set(roles.filter(({ type }) => types.includes(type)).map(({ guid }) => guid))].sort();
  return {
    kind: 'scoped',
    spaces: guidsOf(SPACE_ROLES),
    organizations: guidsOf(ORGANIZATION_ROLES),
  };
}
