import type { Hono } from 'hono';
import { ArchiveError } from '../../domain/errors.ts';
import { questionsJson } from '../../domain/question-columns.ts';
import { questionFilterOf } from '../../domain/question-filter.ts';
import { askedRange } from '../../query/asked-range.ts';
import { archiveBegin } from '../../query/search-events.ts';
import { guardRange } from '../guard-range.ts';
import { jsonReply } from '../reply.ts';
import type { HttpServer } from '../server.ts';
import { askApi, PAGE } from './ask-api.ts';
import { queriesParameters } from './parameters.ts';
import { wordsOf } from './words.ts';

const DEFAULT_LIMIT = 50;

/** `GET /api/v1/queries`: who asked what. For those who see everything, and on record itself. */
export function addQueries(app: Hono, server: HttpServer): void {
  app.get('/api/v1/queries', (c) =>
    askApi(server, c, queriesParameters, PAGE, async ({ context, foundations, now }, given) => {
      const [name, ...others] = foundations;
      if (name === undefined || others.length > 0) {
        throw new ArchiveError(
          'QUERY_INVALID',
          'foundation is missing: each foundation has a log of its own; name one',
        );
      }
      const filter = questionFilterOf(given, askedRange(wordsOf(given), now));
      guardRange(server.options, filter, await archiveBegin(context, [name]));
      const page = {
        order: given.order ?? 'newest',
        after: given.cursor,
        limit: given.limit ?? DEFAULT_LIMIT,
      };
      const { visibility, signal } = context;
      const answer = await server.ports.queries(name, filter, page, visibility, signal);
      return jsonReply(
        questionsJson(answer),
        { rows: answer.questions.length },
        { 'Cache-Control': 'no-store' },
      );
    }),
  );
}
