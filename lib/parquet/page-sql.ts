import { sqlText } from '../duckdb/open-duckdb.ts';
import { KNOWN_FIELDS } from './event-fields.ts';

/** Columns of the stage: where a row came from, and what one event alone says. Names and `actor_username` are not the event's. */
export const STAGED_COLUMNS = [
  'guid VARCHAR',
  'created_at TIMESTAMP_MS',
  'updated_at TIMESTAMP_MS',
  'type VARCHAR',
  'actor_guid VARCHAR',
  'actor_type VARCHAR',
  'actor_name VARCHAR',
  'target_guid VARCHAR',
  'target_type VARCHAR',
  'target_name VARCHAR',
  'space_guid VARCHAR',
  'organization_guid VARCHAR',
  'data VARCHAR',
  'extra VARCHAR',
] as const;

/** Shape by which DuckDB takes an event apart; `data` stays JSON text, integers digit for digit. */
const EVENT_SHAPE = JSON.stringify({
  guid: 'VARCHAR',
  created_at: 'VARCHAR',
  updated_at: 'VARCHAR',
  type: 'VARCHAR',
  actor: { guid: 'VARCHAR', type: 'VARCHAR', name: 'VARCHAR' },
  target: { guid: 'VARCHAR', type: 'VARCHAR', name: 'VARCHAR' },
  data: 'JSON',
  space: { guid: 'VARCHAR' },
  organization: { guid: 'VARCHAR' },
});

const list = (values: readonly string[]): string => `[${values.map(sqlText).join(', ')}]`;

const EVENT_KEYS = list(KNOWN_FIELDS);
const PARTY_KEYS = list(['guid', 'type', 'name']);

/** Keys of the event and of its four objects as Cloud Controller sends them; space and organization may be null. */
const USUAL_KEYS = [
  ["['guid']", "['guid']"],
  ['[]', "['guid']"],
  ['[]', '[]'],
  ["['guid']", '[]'],
]
  .map(
    ([space, organization]) =>
      `[${EVENT_KEYS}, ${PARTY_KEYS}, ${PARTY_KEYS}, ${space}, ${organization}]`,
  )
  .join(', ');

const TYPED_PATHS = list([
  '$.guid',
  '$.created_at',
  '$.updated_at',
  '$.type',
  '$.actor.guid',
  '$.actor.type',
  '$.actor.name',
  '$.target.guid',
  '$.target.type',
  '$.target.name',
  '$.data',
  '$.space.guid',
  '$.organization.guid',
  '$.space',
  '$.organization',
]);

/** Whether columns hold the event exactly. DuckDB would coerce a wrong type, and drop an unknown or repeated key, without a word. */
const USUAL_TYPES = [
  "types[1:4] = ['VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR']",
  ...[5, 6, 7, 8, 9, 10].map((index) => `types[${index}] IN ('VARCHAR', 'NULL')`),
  "types[11] = 'OBJECT'",
  "(types[14] = 'NULL' OR types[12] = 'VARCHAR')",
  "(types[15] = 'NULL' OR types[13] = 'VARCHAR')",
].join(' AND ');

const exactSecond = (column: string): string =>
  `coalesce(strftime(try_cast(event.${column} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%SZ') = event.${column}, false)`;

/**
 * Whether the text holds a number that DuckDB's JSON would not keep as it is: `-0`, the one integer that it changes, or `NaN` and `Infinity`, which are not JSON at all but which it accepts.
 * The cheap tests go first: a page almost never passes them.
 */
const INEXACT_NUMBERS = `CASE
        WHEN contains(content, 'NaN') OR contains(content, 'Infinity') OR regexp_matches(content, '-0[,}\\]\\s]')
        THEN regexp_matches(content, '[:,\\[\\s](-0|NaN|-?Infinity)[,}\\]\\s]')
        ELSE false
      END`;

/**
 * Rows of one spooled page, in one statement and without JavaScript: `total_results`, `resource_count`, `seq` (position in the page, from 1), `usual`, and the staged columns.
 *
 * A row that is not `usual` must not be stored from here: its values are coerced or incomplete. An empty page gives one row with `resource_count` 0; a body that is no page
 * one whose `total_results` or `resource_count` is null (DuckDB itself would give no row, and no error).
 */
export const pageRows = (file: string): string => `
  WITH body AS (
    SELECT
      from_json(content, '{"pagination":{"total_results":"JSON"},"resources":["JSON"]}') AS page,
      NOT ${INEXACT_NUMBERS} AS exact_numbers
    FROM read_text(${sqlText(file)})
  ), page AS (
    SELECT
      CASE WHEN regexp_full_match(page.pagination.total_results, '[0-9]{1,15}') THEN CAST(page.pagination.total_results AS BIGINT) END AS total_results,
      page.resources AS resources,
      exact_numbers
    FROM body
  ), texts AS (
    SELECT
      total_results,
      len(resources) AS resource_count,
      exact_numbers,
      unnest(CASE WHEN len(resources) > 0 THEN resources ELSE [NULL] END) AS text,
      unnest(range(1, greatest(coalesce(len(resources), 0), 1) + 1)) AS seq
    FROM page
  ), events AS (
    SELECT
      total_results,
      resource_count,
      seq,
      from_json(text, ${sqlText(EVENT_SHAPE)}) AS event,
      exact_numbers AND coalesce(json_keys(text, ['$', '$.actor', '$.target', '$.space', '$.organization']) IN (${USUAL_KEYS}), false) AS usual_keys,
      json_type(text, ${TYPED_PATHS}) AS types
    FROM texts
  )
  SELECT
    total_results,
    resource_count,
    seq,
    usual_keys AND coalesce(${USUAL_TYPES}, false) AND ${exactSecond('created_at')} AND ${exactSecond('updated_at')} AS usual,
    event.guid AS guid,
    try_cast(event.created_at AS TIMESTAMP_MS) AS created_at,
    try_cast(event.updated_at AS TIMESTAMP_MS) AS updated_at,
    event."type" AS type,
    event.actor.guid AS actor_guid,
    event.actor."type" AS actor_type,
    event.actor."name" AS actor_name,
    event.target.guid AS target_guid,
    event.target."type" AS target_type,
    event.target."name" AS target_name,
    event.space.guid AS space_guid,
    event.organization.guid AS organization_guid,
    CAST(event.data AS VARCHAR) AS data,
    CAST(NULL AS VARCHAR) AS extra
  FROM events`;
