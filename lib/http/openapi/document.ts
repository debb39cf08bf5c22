import { z } from 'zod';
import { EXPORT_FORMATS } from '../../report/export-source.ts';
import { VERSION } from '../../version.ts';
import { MEDIA_TYPES } from '../api/format.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { coverageSchema, errorSchema, eventSchema, thingSchema } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

/** Schemas that have a name stand in `components`, once. */
const NAMED = {
  Event: eventSchema,
  Coverage: coverageSchema,
  Resource: thingSchema,
  Errors: errorSchema,
};

const HEADERS = {
  'X-Archive-Coverage': {
    description: 'How complete the answer is: `complete=false; closed=30; missing=1`',
    schema: { type: 'string' },
  },
  'X-Cf-Warnings': {
    description: 'The same as a sentence, percent-encoded; absent when the answer is complete',
    schema: { type: 'string' },
  },
};

/** What is served, as OpenAPI 3.1, made from the schemas that requests are read with. @param url - where it is served */
export function openApiDocument(url: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'cf-audit-archive',
      version: VERSION,
      description:
        "Cloud Foundry audit events of years: Cloud Controller's own API for its clients, and one with more filters.",
    },
    servers: [{ url }],
    security: [{ uaa: [] }],
    paths: Object.fromEntries(OPERATIONS.map((each) => [each.path, { get: operation(each) }])),
    components: {
      schemas: Object.fromEntries(
        Object.entries(NAMED).map(([name, schema]) => [name, schemaJson(schema)]),
      ),
      securitySchemes: {
        uaa: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "A token of the foundation's UAA, as `cf oauth-token` prints it",
        },
      },
    },
  };
}

function operation({ path, summary, parameters, answer, exports = false, open }: Operation): Json {
  const files = exports ? EXPORT_FORMATS.filter((format) => format !== 'json') : [];
  return {
    summary,
    ...(open ? { security: [] } : {}),
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...Object.entries(parameters?.shape ?? {}).map(([name, schema]) => parameter(name, schema)),
    ],
    responses: {
      200: {
        description: summary,
        ...(open ? {} : { headers: HEADERS }),
        content: {
          'application/json': { schema: schemaJson(answer) },
          ...Object.fromEntries(files.map((format) => [MEDIA_TYPES[format].split(';')[0], {}])),
        },
      },
      ...(exports
        ? { 303: { description: 'A link to the file, where exports have a place' } }
        : {}),
      default: {
        description: 'An error, in the form of Cloud Controller',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Errors' } } },
      },
    },
  };
}

function parameter(name: string, schema: z.ZodType): Json {
  const { description, ...rest } = schemaJson(schema);
  return {
    name,
    in: 'query',
    ...(description === undefined ? {} : { description }),
    schema: rest,
  };
}

/** The JSON Schema of what is sent; what has a name of its own inside it is pointed to. */
function schemaJson(schema: z.ZodType): Json {
  const {
    $schema: _,
    $defs: __,
    id: ___,
    ...json
  } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as Record<string, unknown>;
  return pointed(json) as Json;
}

/** References to components instead of definitions inside. */
function pointed(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(pointed);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string'
        ? value.replace('#/$defs/', '#/components/schemas/')
        : pointed(value),
    ]),
  );
}
