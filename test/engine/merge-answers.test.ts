import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventRow } from '../../lib/domain/columns.ts';
import { sharesOf } from '../../lib/domain/visibility.ts';
import { mergeAnswers } from '../../lib/engine/merge-answers.ts';
import { anEventQuery } from '../support/event-queries.ts';
import { anEventRow } from '../support/event-rows.ts';
import { referenceAnswer } from '../support/reference-answer.ts';
import { maySee } from '../support/reference-filter.ts';

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 7 });
const name = fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { nil: null });

async function* inBatches(rows: readonly EventRow[], size: number) {
  yield [];
  for (let from = 0; from < rows.length; from += size) yield rows.slice(from, from + size);
}

describe('mergeAnswers', () => {
  it('makes the answer of the whole visibility from those of its shares', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ kind: fc.constant('scoped' as const), spaces: names, organizations: names }),
        fc.array(fc.record({ space: name, organization: name, second: fc.nat({ max: 5 }) })),
        fc.constantFrom('newest', 'oldest'),
        fc.record({ most: fc.integer({ min: 1, max: 5 }), limit: fc.integer({ min: 1, max: 20 }) }),
        async (visibility, some, order, { most, limit }) => {
          const rows = some.map(({ space, organization, second }, index) =>
            anEventRow({
              guid: `g${index}`,
              created_at: new Date(Date.parse('2026-03-02T00:00:00Z') + second * 1_000),
              space_guid: space,
              organization_guid: organization,
            }),
          );
          const byGuid = new Map(rows.map((row) => [row.guid, row]));
          const query = anEventQuery({ order, limit });
          const shares = sharesOf(visibility, most);
          const answers = shares.map((share) => {
            const guids = referenceAnswer(rows, query, share);
            return inBatches(
              guids.map((guid) => byGuid.get(guid) as EventRow),
              2,
            );
          });

          const merged: string[] = [];
          for await (const batch of mergeAnswers(answers, query, limit)) {
            merged.push(...batch.map(({ guid }) => guid));
          }

          expect(merged).toEqual(referenceAnswer(rows, query, visibility));
          for (const row of rows) {
            expect(shares.some((share) => maySee(share, row))).toBe(maySee(visibility, row));
          }
        },
      ),
      { seed: 6 },
    );
  });

  it('ends every answer when nobody reads on', async () => {
    const ended: number[] = [];
    async function* endless(index: number) {
      try {
        for (;;) yield [anEventRow({ guid: `g${index}` })];
      } finally {
        ended.push(index);
      }
    }

    const merged = mergeAnswers([endless(1), endless(2)], anEventQuery(), 1);
    for await (const _ of merged) break;

    expect(ended.sort()).toEqual([1, 2]);
  });
});
