import { AthenaClient, GetTableMetadataCommand } from '@aws-sdk/client-athena';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { EVENTS_TABLE, projectionProperties } from '../../lib/catalogue/table.ts';
import { daySchema } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { AthenaTable } from '../../lib/engine/athena-table.ts';
import type { ListedPart } from '../../lib/query/ports.ts';

const athena = mockClient(AthenaClient);
let table: AthenaTable;
beforeEach(() => {
  athena.reset();
  table = new AthenaTable(new AthenaClient({ region: 'eu-central-1' }), {
    database: 'archive',
    table: 'audit_events',
  });
});

const aPart = (foundation: string, dt: string): ListedPart => ({
  key: 'k',
  foundation: foundationNameSchema.parse(foundation),
  dt: daySchema.parse(dt),
  bytes: 1,
  modifiedAt: new Date(0),
});

const properties = (over: Readonly<Record<string, string>> = {}) => ({
  ...projectionProperties(
    {
      database: 'archive',
      table: 'audit_events',
      location: 's3://bucket',
      foundations: ['eu-1', 'eu-2'].map((name) => foundationNameSchema.parse(name)),
      firstDay: daySchema.parse('2026-01-01'),
    },
    EVENTS_TABLE,
  ),
  ...over,
});

const tableIs = (Parameters: Record<string, string>) =>
  athena
    .on(GetTableMetadataCommand)
    .resolves({ TableMetadata: { Name: 'audit_events', Parameters } });

describe('AthenaTable', () => {
  it('takes in what our own statement projects, asked once with its exact name', async () => {
    tableIs(properties());

    await table.check([aPart('eu-1', '2026-01-01'), aPart('eu-2', '2026-11-20')]);
    await table.check([aPart('eu-1', '2026-03-01')]);

    expect(athena.calls().map(({ args: [command] }) => command.input)).toEqual([
      { CatalogName: 'AwsDataCatalog', DatabaseName: 'archive', TableName: 'audit_events' },
    ]);
  });

  it.each([
    ['a foundation that it does not name', properties(), aPart('us-1', '2026-03-01')],
    ['a day before its first', properties(), aPart('eu-1', '2025-12-31')],
    [
      'a foundation that it names with a blank',
      properties({ 'projection.foundation.values': 'eu-1, eu-2' }),
      aPart('eu-2', '2026-03-01'),
    ],
  ])('refuses %s, and says what to do', async (_, parameters, part) => {
    tableIs(parameters);

    await expect(table.check([aPart('eu-1', '2026-03-01'), part])).rejects.toMatchObject({
      code: 'QUERY_FAILED',
      message: expect.stringMatching(
        new RegExp(`passes over foundation ${part.foundation} on ${part.dt}.*ddl --dialect athena`),
      ),
    });
  });

  it('is read again before it is refused: it may have been replaced', async () => {
    athena
      .on(GetTableMetadataCommand)
      .resolvesOnce({ TableMetadata: { Name: 't', Parameters: properties() } })
      .resolves({
        TableMetadata: {
          Name: 't',
          Parameters: properties({ 'projection.foundation.values': 'eu-1,us-1' }),
        },
      });

    await table.check([aPart('us-1', '2026-03-01')]);

    expect(athena.calls()).toHaveLength(2);
  });

  it.each([
    ['without projection', {}],
    ['whose first day moves', properties({ 'projection.dt.range': 'NOW-5YEARS,NOW' })],
  ])('%s is trusted with every day', async (_, parameters) => {
    tableIs(parameters);

    await expect(table.check([aPart('eu-1', '2020-01-01')])).resolves.toBeUndefined();
  });

  it('that may not be looked at is an error that names the right, and is asked again', async () => {
    athena
      .on(GetTableMetadataCommand)
      .rejectsOnce(Object.assign(new Error('no'), { name: 'AccessDeniedException' }))
      .resolves({ TableMetadata: { Name: 't', Parameters: properties() } });

    await expect(table.check([aPart('eu-1', '2026-03-01')])).rejects.toThrow(
      'athena:GetTableMetadata',
    );
    await expect(table.check([aPart('eu-1', '2026-03-01')])).resolves.toBeUndefined();
  });

  it('is not asked when there is nothing to read', async () => {
    await table.check([]);

    expect(athena.calls()).toEqual([]);
  });
});
