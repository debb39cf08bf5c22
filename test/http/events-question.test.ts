import { expect, it } from '@jest/globals';
import type { ListMessage } from '../../lib/cloud-controller-api/list-message.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { athenaLiteral } from '../../lib/engine/athena-literal.ts';
import { eventsQuestion } from '../../lib/http/drop-in/events-question.ts';

const asked = (types: readonly string[]) => {
  const message: Pick<ListMessage, 'filters' | 'direction' | 'perPage'> = {
    filters: new Map([['types', [...types]]]),
    direction: 'asc',
    perPage: 50,
  };
  const horizon = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };
  const question = eventsQuestion(
    message as ListMessage,
    foundationNameSchema.parse('eu-1'),
    horizon,
  );
  return question?.exactly[0]?.values.map(String);
};

it('asks for no value that an engine could not be asked for: no event has it', () => {
  const longest = 'a'.repeat(1022);
  const quotes = "'".repeat(511);

  const values = asked([longest, `${longest}a`, quotes, `${quotes}'`, 'nul\0']) ?? [];

  expect(values).toEqual([longest, quotes]);
  for (const value of values) expect(athenaLiteral(value)).toHaveLength(1024);
});
