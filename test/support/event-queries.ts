import { type EventQuery, eventQuerySchema } from '../../lib/domain/event-query.ts';

/** A question about one foundation in March 2026. */
export const anEventQuery = (given: Partial<Record<keyof EventQuery, unknown>> = {}): EventQuery =>
  eventQuerySchema.parse({
    foundations: ['eu-1'],
    from: new Date('2026-03-01T00:00:00Z'),
    to: new Date('2026-04-01T00:00:00Z'),
    ...given,
  });
