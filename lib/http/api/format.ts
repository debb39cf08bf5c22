import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { EXPORT_FORMATS, type ExportFormat } from '../../report/export-source.ts';

export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
};

const bare = (type: string): string => type.split(';')[0] ?? type;

/** The asked format: that of the parameter, else of `Accept`, else JSON. */
export function formatOf(c: Context, asked: ExportFormat | undefined): ExportFormat {
  if (asked !== undefined) return asked;
  const type = accepts(c, {
    header: 'Accept',
    supports: EXPORT_FORMATS.map((format) => bare(MEDIA_TYPES[format])),
    default: bare(MEDIA_TYPES.json),
  });
  return EXPORT_FORMATS.find((format) => bare(MEDIA_TYPES[format]) === type) ?? 'json';
}
