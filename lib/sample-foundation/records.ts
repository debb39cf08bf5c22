/**
 * What the sample foundation's database holds. Instants are whole microseconds since the Unix epoch, as PostgreSQL keeps them; `number` is exact to the year 2255.
 */
export type Micros = number;

/** A row of Cloud Controller's `events` table, column for column (`actee` is the table's word for the API's `target`). */
export interface EventRecord {
  readonly guid: string;
  readonly type: string;
  /** The column that filters and sorts; the start of the transaction. */
  readonly created_at: Micros;
  /** The column behind the JSON field `created_at`; equal to `created_at` unless a test says otherwise. Default: `created_at`. */
  readonly timestamp?: Micros;
  /** Default: `created_at`. */
  readonly updated_at?: Micros;
  /** When the transaction committed: the row is invisible before. Default: `created_at`. */
  readonly committed_at?: Micros;
  readonly actor: string | null;
  readonly actor_type: string | null;
  readonly actor_name: string | null;
  readonly actor_username: string | null;
  readonly actee: string | null;
  readonly actee_type: string | null;
  readonly actee_name: string | null;
  /** Empty string: none. */
  readonly space_guid: string;
  /** Empty string: none. */
  readonly organization_guid: string;
  /** JSON text of `data`, kept and sent digit for digit; null: nothing was stored, sent as `{}`. */
  readonly metadata: string | null;
}

export interface OrganizationRecord {
  readonly guid: string;
  readonly name: string;
  readonly created_at: Micros;
  /** From this instant on the organization is gone from every list. */
  readonly deleted_at?: Micros;
}

export interface SpaceRecord {
  readonly guid: string;
  readonly name: string;
  readonly organization_guid: string;
  readonly created_at: Micros;
  readonly deleted_at?: Micros;
}

export interface AppRecord {
  readonly guid: string;
  readonly name: string;
  readonly space_guid: string;
  readonly state: 'STARTED' | 'STOPPED';
  readonly created_at: Micros;
  readonly deleted_at?: Micros;
}

export interface UserRecord {
  readonly guid: string;
  /** null: unknown to UAA (or a client). */
  readonly username: string | null;
  readonly email: string | null;
  readonly origin: string | null;
  /** Given: the user can get a token by the password grant. */
  readonly password?: string;
  /** Scopes of the user's tokens, such as `cloud_controller.read`. */
  readonly scopes?: readonly string[];
  readonly created_at: Micros;
}

export type RoleType =
  | 'organization_user'
  | 'organization_auditor'
  | 'organization_manager'
  | 'organization_billing_manager'
  | 'space_auditor'
  | 'space_developer'
  | 'space_manager'
  | 'space_supporter';

export interface RoleRecord {
  readonly guid: string;
  readonly type: RoleType;
  readonly user_guid: string;
  /** Given for space roles, null for organization roles. */
  readonly space_guid: string | null;
  /** Given for organization roles, null for space roles. */
  readonly organization_guid: string | null;
  readonly created_at: Micros;
}

export interface TaskRecord {
  readonly guid: string;
  readonly sequence_id: number;
  readonly name: string;
  readonly command: string;
  readonly state: 'PENDING' | 'RUNNING' | 'CANCELING' | 'SUCCEEDED' | 'FAILED';
  readonly failure_reason: string | null;
  readonly app_guid: string;
  readonly droplet_guid: string;
  readonly user: string | null;
  readonly memory_in_mb: number;
  readonly disk_in_mb: number;
  readonly created_at: Micros;
  readonly updated_at: Micros;
}

/** A UAA client, for `client_credentials`. */
export interface ClientRecord {
  readonly id: string;
  readonly secret: string;
  /** Become the token's `scope` and `authorities`. */
  readonly authorities: readonly string[];
}

/** Everything a sample foundation starts with. `events` may be a generator: it is read once, in the order of insertion (the order of `id`). */
export interface FoundationRecords {
  readonly organizations: readonly OrganizationRecord[];
  readonly spaces: readonly SpaceRecord[];
  readonly apps: readonly AppRecord[];
  readonly users: readonly UserRecord[];
  readonly roles: readonly RoleRecord[];
  readonly tasks: readonly TaskRecord[];
  readonly clients: readonly ClientRecord[];
  readonly events: Iterable<EventRecord>;
}
