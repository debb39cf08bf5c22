import type { z } from 'zod';
import { EXPORT_FORMATS } from '../../report/export-source.ts';
import { MEDIA_TYPES } from '../api/format.ts';
import type { Operation } from './operations.ts';
import { type Json, schemaJson } from './schema-json.ts';
import { errorSchema, exportLinkSchema } from './schemas.ts';

const TEXT = { type: 'string' };

const COVERAGE_HEADERS = {
  'X-Archive-Coverage': {
    description: 'How complete the answer is: `complete=false; closed=30; missing=1`',
    required: true,
    schema: TEXT,
  },
  'X-Cf-Warnings': {
    description: 'The same as a sentence, percent-encoded; absent when the answer is complete',
    schema: TEXT,
  },
};

const ETAG = { description: 'Of an answer about closed days', schema: TEXT };

const TICKET = {
  name: 'X-Ticket',
  in: 'header',
  description: 'Why you ask: goes on record with the question',
  schema: { ...TEXT, maxLength: 256 },
};

const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The `ETag` of an answer that you have',
  schema: TEXT,
};

/** What is said of one `GET`. */
export function operationJson(operation: Operation): Json {
  const { path, summary, parameters, open, tagged } = operation;
  return {
    summary,
    ...(open ? { security: [] } : {}),
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: TEXT,
      })),
      ...(parameters === undefined ? [] : queryParameters(parameters)),
      ...(open ? [] : [TICKET]),
      ...(tagged ? [IF_NONE_MATCH] : []),
    ],
    responses: responses(operation),
  };
}

function responses({ summary, answer, open, uncovered, tagged, exports }: Operation): Json {
  const files = exports ? EXPORT_FORMATS.filter((format) => format !== 'json') : [];
  const coverage = open || uncovered ? {} : COVERAGE_HEADERS;
  const headers = { ...coverage, ...(tagged ? { ETag: ETAG } : {}) };
  return {
    200: {
      description: summary,
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
      content: {
        ...json(answer),
        ...Object.fromEntries(files.map((format) => [MEDIA_TYPES[format].split(';')[0], {}])),
      },
    },
    ...(exports
      ? {
          303: {
            description: 'A link to the file, where exports have a place',
            headers: { Location: { required: true, schema: TEXT }, ...coverage },
            content: json(exportLinkSchema),
          },
        }
      : {}),
    ...(tagged
      ? {
          304: {
            description: 'You have the answer: nothing was read',
            headers: { ...headers, ETag: { ...ETAG, required: true } },
          },
        }
      : {}),
    default: {
      description: 'An error, in the form of Cloud Controller',
      content: json(errorSchema),
    },
  };
}

const json = (schema: z.ZodType): Json => ({ 'application/json': { schema: schemaJson(schema) } });

function queryParameters(parameters: z.ZodObject): readonly Json[] {
  const properties = schemaJson(parameters).properties as Readonly<Record<string, Json>>;
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}
