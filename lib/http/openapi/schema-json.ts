import { z } from 'zod';

export type Json = Readonly<Record<string, unknown>>;

/** The JSON Schema of what is sent; what has a name of its own, inside it or as a whole, is pointed to. */
export function schemaJson(schema: z.ZodType): Json {
  const { $defs: _, ...json } = jsonSchemaOf(schema);
  return pointed(json) as Json;
}

/** The JSON Schema behind a name; other names inside it are pointed to. */
export function namedSchemaJson(name: string, schema: z.ZodType): Json {
  const { [name]: named } = jsonSchemaOf(schema).$defs ?? {};
  if (named === undefined) throw new Error(`no schema has the name ${name}`);
  const { id: _, ...json } = named;
  return pointed(json) as Json;
}

type Definitions = Json & { readonly $defs?: Readonly<Record<string, Json>> };

function jsonSchemaOf(schema: z.ZodType): Definitions {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json as Definitions;
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
