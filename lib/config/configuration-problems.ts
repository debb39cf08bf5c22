import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import { z } from 'zod';
import { configurationDocumentSchema } from './configuration-document.ts';
import { nearestName } from './nearest-name.ts';

type Path = readonly PropertyKey[];

/** One thing to correct, at one place. */
interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** One line per problem, in the order of the file: `<name>:<line>: <key>: <what is wrong and how to write it>`. */
export function describeProblems(
  issues: readonly z.core.$ZodIssue[],
  name: string,
  document: Document,
  lines: LineCounter,
): string {
  return issues
    .filter((issue) => !explained(issue, issues))
    .flatMap(problemsOf)
    .map(({ path, message }) => ({ line: lineOf(document, path, lines), path, message }))
    .sort((a, b) => a.line - b.line)
    .map(({ line, path, message }) => [`${name}:${line}`, ...keyText(path), message].join(': '))
    .join('\n');
}

/** "Must have one key" says nothing new of a place where a key is misspelt. */
const explained = (issue: z.core.$ZodIssue, issues: readonly z.core.$ZodIssue[]): boolean =>
  issue.code === 'custom' &&
  issues.some(
    ({ code, path }) => code === 'unrecognized_keys' && String(path) === String(issue.path),
  );

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(issue.path, key));
  if (issue.code === 'invalid_union') {
    // What is wrong inside the form that was meant says more than "none of the forms".
    const inner = issue.errors
      .flat()
      .filter((nested) => nested.path.length > 0 || nested.code === 'unrecognized_keys')
      .map((nested) => ({ ...nested, path: [...issue.path, ...nested.path] }));
    if (inner.length > 0) return inner.flatMap(problemsOf);
  }
  return [{ path: issue.path, message: issue.message }];
}

function unknownKey(path: Path, key: string): Problem {
  const known = knownKeys(path);
  const meant = nearestName(key, known);
  if (meant !== undefined)
    return { path: [...path, key], message: `unknown key; did you mean ${meant}?` };
  // `{ s3cret }` is a key to YAML: where a secret was expected, what stands there is not repeated.
  const shown = path.at(-1) === 'client_secret' ? path : [...path, key];
  return { path: shown, message: `unknown key; known here: ${known.join(', ')}` };
}

/** The keys the schema has at a path; of a union, those of its object form. */
function knownKeys(path: Path): string[] {
  let at: unknown = configurationDocumentSchema;
  for (const step of path) {
    const schema = objectOrList(at);
    at = schema instanceof z.ZodArray ? schema.element : schema?.shape[String(step)];
  }
  const found = objectOrList(at);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function objectOrList(schema: unknown): z.ZodObject | z.ZodArray | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return objectOrList(schema.unwrap());
  if (schema instanceof z.ZodUnion)
    return schema.options.map(objectOrList).find((option) => option !== undefined);
  return schema instanceof z.ZodObject || schema instanceof z.ZodArray ? schema : undefined;
}

const keyText = (path: Path): string[] => {
  const text = path.reduce<string>(
    (start, step) =>
      typeof step === 'number' ? `${start}[${step}]` : `${start}${start && '.'}${String(step)}`,
    '',
  );
  return text === '' ? [] : [text];
};

/** The line of the key, or of what should hold it when it is missing. */
function lineOf(document: Document, path: Path, lines: LineCounter): number {
  let node: unknown = document.contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return lines.linePos(offset).line;
}
