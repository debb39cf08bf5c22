import { VERSION } from '../../version.ts';
import type { Site } from '../ports.ts';
import { pathsJson } from './paths-json.ts';
import { type Json, namedSchemaJson } from './schema-json.ts';
import { coverageSchema, errorSchema, eventSchema, thingSchema } from './schemas.ts';

/** Schemas that have a name stand in `components`, once. */
const NAMED = {
  Event: eventSchema,
  Coverage: coverageSchema,
  Resource: thingSchema,
  Errors: errorSchema,
};

/**
 * What is served, as OpenAPI 3.1, made from the schemas that requests are read with.
 *
 * @param origin - where it is served
 */
export function openApiDocument(
  origin: string,
  sites: readonly Pick<Site, 'name' | 'host'>[],
): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'cf-audit-archive',
      version: VERSION,
      description:
        "Cloud Foundry audit events of years: Cloud Controller's own API for its clients, and one with more filters.",
    },
    servers: [{ url: origin }],
    security: [{ uaa: [] }],
    paths: pathsJson(origin, sites),
    components: {
      schemas: Object.fromEntries(
        Object.entries(NAMED).map(([name, schema]) => [name, namedSchemaJson(name, schema)]),
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
