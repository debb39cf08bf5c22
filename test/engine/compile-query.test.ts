import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { EventQuery } from '../../lib/domain/event-query.ts';
import { SEES_ALL } from '../../lib/domain/visibility.ts';
import { compileQuery } from '../../lib/engine/compile-query.ts';
import { duckDBWildcard, trinoWildcard } from '../../lib/engine/conditions.ts';
import { anEventQuery } from '../support/event-queries.ts';

const RANGE = [
  'eu-1',
  '2026-03-01',
  '2026-03-31',
  new Date('2026-03-01T00:00:00Z'),
  new Date('2026-04-01T00:00:00Z'),
];

const GUID = '6a2f41a3-c54c-4cb2-a8e1-0d4f8bf6f0ab';

type Case = [filter: Partial<Record<keyof EventQuery, unknown>>, sql: string[], values: unknown[]];

const CASES: Case[] = [
  [{}, [], []],
  [{ types: ['audit.app.update'] }, ['(type = ?)'], ['audit.app.update']],
  [{ types: ['audit.app.*'] }, ["(type LIKE ? ESCAPE '\\')"], ['audit.app.%']],
  [{ types: ['a_b.*', 'c'] }, ["(type LIKE ? ESCAPE '\\' OR type = ?)"], ['a\\_b.%', 'c']],
  [{ notTypes: ['a', 'b'] }, ['NOT coalesce((type = ? OR type = ?), FALSE)'], ['a', 'b']],
  [{ guids: ['g'] }, ['(guid = ?)'], ['g']],
  [{ targets: [GUID] }, ['(target_guid = ?)'], [GUID]],
  [{ targets: [GUID.toUpperCase()] }, ['(target_guid = ?)'], [GUID]],
  [
    { targets: ['shop'] },
    ['((target_guid = ? OR lower(target_name) = lower(?)))'],
    ['shop', 'shop'],
  ],
  [
    { targets: ['100%_*\\'] },
    ["((lower(target_name) LIKE lower(?) ESCAPE '\\'))"],
    ['100\\%\\_%\\\\'],
  ],
  [
    { notTargets: ['shop'] },
    ['NOT coalesce(((target_guid = ? OR lower(target_name) = lower(?))), FALSE)'],
    ['shop', 'shop'],
  ],
  [
    { actors: ['ann'] },
    ['((actor_guid = ? OR lower(actor_name) = lower(?) OR lower(actor_username) = lower(?)))'],
    ['ann', 'ann', 'ann'],
  ],
  [
    { actorTypes: ['user'], targetTypes: ['app', 'route'] },
    ['(actor_type = ?)', '(target_type = ? OR target_type = ?)'],
    ['user', 'app', 'route'],
  ],
  [
    { spaces: ['s'], organizations: [GUID] },
    ['((space_guid = ? OR lower(space_name) = lower(?)))', '(organization_guid = ?)'],
    ['s', 's', GUID],
  ],
  [
    { texts: ['a"b', 'c'] },
    [
      '(strpos(lower(data), lower(?)) > 0 OR strpos(lower(data), lower(?)) > 0)',
      '(strpos(lower(data), lower(?)) > 0)',
    ],
    ['a"b', 'a\\"b', 'c'],
  ],
];

describe('compileQuery', () => {
  it.each(CASES)('compiles %j', (filter, sql, values) => {
    const query = anEventQuery({ ...filter, columns: ['type'] });

    const compiled = compileQuery(query, {
      table: 'audit_events',
      wildcard: trinoWildcard,
      limit: 51,
      visibility: SEES_ALL,
    });

    expect(compiled.sql).toBe(
      [
        'SELECT guid, created_at, type',
        'FROM audit_events',
        `WHERE ${['foundation IN (?)', 'dt BETWEEN ? AND ?', 'created_at >= ?', 'created_at < ?', ...sql].join('\n  AND ')}`,
        'ORDER BY created_at DESC, guid DESC',
        'LIMIT 51',
      ].join('\n'),
    );
    expect(compiled.parameters).toEqual([...RANGE, ...values]);
  });

  it.each([
    ['100%_*\\', '100%_.*\\\\'],
    ['**a.b(c)-[d]{e}|f$^+?*', '.*a\\.b\\(c\\)\\-\\[d\\]\\{e\\}\\|f\\$\\^\\+\\?.*'],
    ['*Dw\\S', '.*Dw\\\\S'],
  ])('asks DuckDB for %s by a regular expression', (text, pattern) => {
    const { sql, parameters } = compileQuery(anEventQuery({ targets: [text] }), {
      table: 't',
      wildcard: duckDBWildcard,
      visibility: SEES_ALL,
    });

    expect(sql).toContain("((regexp_full_match(lower(target_name), lower(?), 's')))");
    expect(parameters.slice(-1)).toEqual([pattern]);
  });

  it('binds what whoever asks may see, behind the filters and before the page', () => {
    const { sql, parameters } = compileQuery(anEventQuery({ types: ['t'] }), {
      table: 't',
      wildcard: trinoWildcard,
      visibility: { kind: 'scoped', spaces: ['s1', 's2'], organizations: ['o1'] },
      limit: 51,
    });

    expect(sql).toContain(
      '  AND (type = ?)\n  AND (space_guid IN (?, ?) OR organization_guid IN (?))\nORDER BY',
    );
    expect(parameters.slice(-4)).toEqual(['t', 's1', 's2', 'o1']);
  });

  it('lets nothing through for whoever may see nothing', () => {
    const { sql } = compileQuery(anEventQuery(), {
      table: 't',
      wildcard: trinoWildcard,
      visibility: { kind: 'scoped', spaces: [], organizations: [] },
    });

    expect(sql).toContain('  AND FALSE\nORDER BY');
  });

  it('binds many GUIDs as few values that Athena takes, and those with a comma one by one', () => {
    const guids = Array.from({ length: 5_000 }, () => randomUUID());
    const visibility = { kind: 'scoped' as const, spaces: [...guids, 'a,b'], organizations: [] };

    const { sql, parameters } = compileQuery(anEventQuery(), {
      table: 't',
      wildcard: trinoWildcard,
      visibility,
    });

    const bound = parameters.slice(RANGE.length).map(String);
    expect(bound.at(-1)).toBe('a,b');
    expect(bound.slice(0, -1).flatMap((pack) => pack.split(','))).toEqual(guids);
    expect(Math.max(...bound.map((value) => value.length))).toBeLessThanOrEqual(1_022);
    expect(sql).toMatch(
      /AND \(space_guid IN \(SELECT visible FROM UNNEST\(split\(\?, ','\).* AS list\(visible\)\) OR space_guid IN \(\?\)\)/,
    );
    // Athena's limit, if it counts values as part of the statement.
    expect(Buffer.byteLength(sql) + bound.join('').length).toBeLessThan(262_144);
  });

  it.each([
    ['newest', '<', 'DESC'],
    ['oldest', '>', 'ASC'],
  ])('goes on behind a position, %s first', (order, is, direction) => {
    const createdAt = new Date('2026-03-10T08:00:00Z');

    const { sql, parameters } = compileQuery(anEventQuery({ order }), {
      table: 't',
      wildcard: trinoWildcard,
      visibility: SEES_ALL,
      after: { createdAt, guid: 'g' },
    });

    expect(sql.split('\n').slice(-2)).toEqual([
      `  AND (created_at ${is} ? OR (created_at = ? AND guid ${is} ?))`,
      `ORDER BY created_at ${direction}, guid ${direction}`,
    ]);
    expect(parameters.slice(-3)).toEqual([createdAt, createdAt, 'g']);
  });

  it.each([
    ['newest', '2026-03-10T08:00:00Z', ['2026-03-01', '2026-03-11']],
    ['oldest', '2026-03-10T08:00:00Z', ['2026-03-09', '2026-03-31']],
    ['newest', '2026-03-31T08:00:00Z', ['2026-03-01', '2026-03-31']],
    ['oldest', '2026-03-01T08:00:00Z', ['2026-03-01', '2026-03-31']],
  ])('reads no day again that lies before a position, %s first behind %s', (order, at, days) => {
    const query = anEventQuery({
      order,
      from: new Date('2026-03-01T00:00:00Z'),
      to: new Date('2026-04-01T00:00:00Z'),
    });

    const { parameters } = compileQuery(query, {
      table: 't',
      wildcard: trinoWildcard,
      visibility: SEES_ALL,
      after: { createdAt: new Date(at), guid: 'g' },
    });

    expect(parameters.slice(1, 3)).toEqual(days);
  });

  it('constrains every day that the range touches, the last one whole or not', () => {
    const query = anEventQuery({
      foundations: ['eu-1', 'us-1'],
      from: new Date('2026-03-01T22:00:00Z'),
      to: new Date('2026-03-03T00:00:00.001Z'),
    });

    const { sql, parameters } = compileQuery(query, {
      table: 't',
      wildcard: trinoWildcard,
      visibility: SEES_ALL,
    });

    expect(sql).toContain('WHERE foundation IN (?, ?)');
    expect(parameters.slice(0, 4)).toEqual(['eu-1', 'us-1', '2026-03-01', '2026-03-03']);
  });
});
