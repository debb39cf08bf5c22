import { z } from 'zod';

type JsonSchema = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description?: string;
  readonly schema: { readonly enum?: readonly string[]; readonly maxLength?: number };
}

interface Reply {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

interface Server {
  readonly url: string;
}

/** An OpenAPI document, as far as tests read it. */
export interface OpenApi {
  readonly servers: readonly Server[];
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly servers?: readonly Server[];
        readonly parameters?: readonly Parameter[];
        readonly get: {
          readonly parameters: readonly Parameter[];
          readonly responses: Readonly<Record<string, Reply>>;
        };
      }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** What a document says of one path. */
export interface Described {
  readonly path: string;
  readonly servers: readonly string[];
  readonly names: (place: Parameter['in']) => readonly string[];
  /** The values a parameter may have; one that is not there is an empty text. */
  readonly valuesOf: (name: string) => readonly string[];
  readonly schemaOf: (name: string) => Parameter['schema'] | undefined;
  readonly descriptionOf: (name: string) => string | undefined;
  readonly answer: (status: number) => DescribedAnswer;
}

interface DescribedAnswer {
  /** Whether the status stands there itself, not only what is said of all others. */
  readonly isKnown: boolean;
  readonly headers: readonly string[];
  /** In lower case. */
  readonly requiredHeaders: readonly string[];
  /** What of an answer is other than described. */
  readonly problems: (type: string | null, body: unknown) => readonly string[];
}

export const describedIn = (document: OpenApi): Described[] =>
  Object.entries(document.paths).map(([path, item]) => {
    const parameters = [...(item.parameters ?? []), ...item.get.parameters];
    const named = (name: string) => parameters.find((each) => each.name === name);
    const { responses } = item.get;
    return {
      path,
      servers: (item.servers ?? document.servers).map(({ url }) => url),
      names: (place) => parameters.filter((each) => each.in === place).map(({ name }) => name),
      valuesOf: (name) => named(name)?.schema.enum ?? [''],
      schemaOf: (name) => named(name)?.schema,
      descriptionOf: (name) => named(name)?.description,
      answer: (status) => answerOf(document, responses, status),
    };
  });

function answerOf(
  { components }: OpenApi,
  responses: Readonly<Record<string, Reply>>,
  status: number,
): DescribedAnswer {
  const { headers = {}, content } = responses[status] ?? responses.default ?? {};
  return {
    isKnown: status in responses,
    headers: Object.keys(headers),
    requiredHeaders: Object.entries(headers)
      .filter(([, { required }]) => required === true)
      .map(([name]) => name.toLowerCase()),
    problems(type, body) {
      if (content === undefined) return body === undefined ? [] : ['there is a body'];
      const described = content[type?.split(';')[0] ?? ''];
      if (described === undefined) return [`${type} is not there`];
      const parsed = readerOf(described.schema ?? {}, components.schemas).safeParse(body);
      return parsed.success ? [] : [z.prettifyError(parsed.error)];
    },
  };
}

/** What reads JSON of a schema; named ones stand where JSON Schema has them. */
function readerOf(schema: JsonSchema, named: OpenApi['components']['schemas']): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: named });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}
