import { createHash } from 'node:crypto';
import type { Day } from '../lib/domain/day.ts';

export interface DayOfEvents {
  readonly day: Day;
  readonly events: number;
  /** Apps among which each event chooses one; ten of them in a space, fifty in an organization. */
  readonly apps: number;
}

/** The GUID of the app with this number, in every archive. */
export function appGuid(app: number): string {
  const digits = createHash('md5').update(`app-${app}`).digest('hex');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}

/** SQL of a GUID that depends on a text alone; the same as `appGuid`. */
const guidOf = (text: string): string =>
  `regexp_replace(md5(${text}), '^(.{8})(.{4}).(.{3}).(.{3})(.{12})$', '\\1-\\2-4\\3-8\\4-\\5')`;

/** SQL of the rows of one day, in no order. They depend on the day alone. */
export const dayRows = ({ day, events, apps }: DayOfEvents): string => `
  WITH numbered AS (
    SELECT i, '${day}-' || i AS id, (hash('${day}', i) % ${apps})::INTEGER AS app FROM range(${events}) AS t(i)
  )
  SELECT
    ${guidOf('id')} AS guid,
    (TIMESTAMP '${day} 00:00:00' + INTERVAL (hash(id) % 86400) SECOND)::TIMESTAMP_MS AS created_at,
    created_at AS updated_at,
    ['audit.app.update', 'audit.app.process.crash', 'audit.app.task.create', 'audit.app.ssh-authorized', 'audit.app.start'][1 + (hash(id, 1) % 5)::INTEGER] AS type,
    ${guidOf("'user-' || (hash(id, 2) % 300)")} AS actor_guid,
    'user' AS actor_type,
    'user-' || (hash(id, 2) % 300) || '@example.org' AS actor_name,
    NULL::VARCHAR AS actor_username,
    ${guidOf("'app-' || app")} AS target_guid,
    'app' AS target_type,
    'app-' || app AS target_name,
    ${guidOf(`'space-' || (app % ${apps / 10})`)} AS space_guid,
    'space-' || (app % ${apps / 10}) AS space_name,
    ${guidOf(`'organization-' || (app % ${apps / 50})`)} AS organization_guid,
    'organization-' || (app % ${apps / 50}) AS organization_name,
    '{"request":{"instances":' || (hash(id, 3) % 40) || ',"state":"STARTED","note":"' || md5(id) || '"}}' AS data,
    NULL::VARCHAR AS extra,
    (TIMESTAMP '${day} 00:00:00' + INTERVAL 28 HOUR)::TIMESTAMP_MS AS collected_at
  FROM numbered`;
