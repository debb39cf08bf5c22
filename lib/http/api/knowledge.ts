import type { Hono } from 'hono';
import { coverageJson, summarizeCoverage } from '../../domain/coverage.ts';
import { dayOf } from '../../domain/day.ts';
import { plusMs, secondText } from '../../domain/instant.ts';
import { askedQuery } from '../../query/asked-query.ts';
import { cacheHeaders, unlessHeld } from '../etag.ts';
import { jsonReply } from '../reply.ts';
import type { HttpServer } from '../server.ts';
import { askApi, PAGE } from './ask-api.ts';
import { guardedQuery } from './guarded-query.ts';
import { rangeParameters } from './parameters.ts';
import { wordsOf } from './words.ts';

/** `GET /api/v1/coverage`: what the archive has of each day; and `/api/v1/event-types`: which types there are, how many events of each, and when. */
export function addKnowledge(app: Hono, server: HttpServer): void {
  app.get('/api/v1/coverage', (c) =>
    askApi(server, c, rangeParameters, PAGE, async ({ context, foundations, now }, given) => {
      const asked = await askedQuery(context, [...foundations], wordsOf(given), {}, now);
      const [first, last] = [dayOf(asked.from), dayOf(plusMs(asked.to, -1))];
      const days = await Promise.all(
        asked.foundations.map((name) => context.coverage(name, first, last)),
      );
      const coverage = summarizeCoverage(days.flat());
      return jsonReply(
        JSON.stringify({ coverage: coverageJson(coverage), days: days.flat() }),
        { rows: 0, coverage },
        cacheHeaders(undefined),
      );
    }),
  );
  app.get('/api/v1/event-types', (c) =>
    askApi(server, c, rangeParameters, PAGE, async (question, given) => {
      const { context } = question;
      const asked = await guardedQuery(question, wordsOf(given));
      return unlessHeld(context, c, asked, [c.req.url], async ({ parts, coverage }, etag) => {
        const groups = await server.groups.groups(context, asked, parts, ['type']);
        const types = groups
          .map(({ key: [type = null], rows, first, last }) => ({
            type,
            events: rows,
            first: secondText(first),
            last: secondText(last),
          }))
          .sort((a, b) => (String(a.type) < String(b.type) ? -1 : 1));
        return jsonReply(
          JSON.stringify({ event_types: types, coverage: coverageJson(coverage) }),
          { rows: types.length, coverage },
          cacheHeaders(etag),
        );
      });
    }),
  );
}
