import type { Hono } from 'hono';
import { coverageJson, summarizeCoverage } from '../../domain/coverage.ts';
import { dayOf } from '../../domain/day.ts';
import { plusMs, secondText } from '../../domain/instant.ts';
import { askedQuery } from '../../query/asked-query.ts';
import { archiveBegin, survey } from '../../query/search-events.ts';
import { cacheHeaders, etagOf, notModified } from '../etag.ts';
import { guardRange } from '../guard-range.ts';
import { jsonReply } from '../reply.ts';
import type { HttpServer } from '../server.ts';
import { askApi, PAGE } from './ask-api.ts';
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
    askApi(server, c, rangeParameters, PAGE, async ({ context, foundations, now }, given) => {
      const asked = await askedQuery(context, [...foundations], wordsOf(given), {}, now);
      guardRange(server.options, asked, await archiveBegin(context, asked.foundations));
      const surveyed = await survey(context, asked);
      const { parts, coverage } = surveyed;
      const etag = etagOf(surveyed, context.visibility, [c.req.url]);
      const unchanged = notModified(c.req.header('if-none-match'), etag, surveyed);
      if (unchanged !== undefined) return unchanged;
      const found = await server.groups.groups(context, asked, parts, ['type']);
      const types = found.groups
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
    }),
  );
}
