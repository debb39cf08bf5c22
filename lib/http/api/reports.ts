import type { Hono } from 'hono';
import { apiError } from '../../cloud-controller-api/api-error.ts';
import { streamEvents } from '../../query/search-events.ts';
import { REPORT_COLUMNS, type Report, reportRows } from '../../report/report.ts';
import { REPORTS, reportsJson } from '../../report/report-list.ts';
import { reportExport } from '../../report/report-source.ts';
import { unlessHeld } from '../etag.ts';
import type { HttpServer } from '../server.ts';
import { askApi, EXPORT } from './ask-api.ts';
import { exportReply } from './export-reply.ts';
import { formatOf } from './format.ts';
import { guardedQuery } from './guarded-query.ts';
import { reportParameters } from './parameters.ts';
import { wordsOf } from './words.ts';

/** `GET /api/v1/reports` lists them, and `/api/v1/reports/:name` makes one. */
export function addReports(app: Hono, server: HttpServer): void {
  app.get('/api/v1/reports', (c) => c.json(reportsJson()));
  app.get('/api/v1/reports/:name', (c) =>
    askApi(server, c, reportParameters, EXPORT, async (question, given) => {
      const report = reportNamed(c.req.param('name'));
      const format = formatOf(c, given.format);
      const words = { ...wordsOf(given), order: report.order ?? 'oldest' } as const;
      const asked = await guardedQuery(question, words, { columns: REPORT_COLUMNS });
      const { context } = question;
      const query = { ...asked, ...report.filter };
      return unlessHeld(context, c, query, [c.req.url, format], async (surveyed, etag) => {
        const found = await streamEvents(context, query, surveyed);
        const { coverage } = found;
        const lines = reportRows(report, found.batches, { timeZone: given.time_zone ?? 'UTC' });
        const source = reportExport(report, lines, found);
        return exportReply(question, { source, coverage, name: report.name, format, etag });
      });
    }),
  );
}

function reportNamed(name: string): Report {
  const report = REPORTS.find((each) => each.name === name);
  if (report !== undefined) return report;
  throw apiError('ResourceNotFound', 'Report not found');
}
