import { type ApiErrorName, apiError } from './api-error.ts';
import { fromListValue, toListValue } from './list-value.ts';
import {
  type Direction,
  orderByProblems,
  type PageLimits,
  pageProblems,
  pagination,
} from './page-parameters.ts';
import type { Params, ParamValue } from './query-string.ts';
import { timestampProblems } from './timestamp-problems.ts';

/** Looks at the parameters of one request and says what is wrong, in the words of the error message. */
export type Validator = (params: Params) => string[];

/** What one list endpoint takes (its `*_list_message.rb`). */
export interface ListShape {
  /** Parameters besides those every list takes, in the order in which the error message names them. */
  readonly own: readonly string[];
  /** Which of the own parameters are comma lists. */
  readonly lists: readonly string[];
  /** Objects whose values are comma lists: `target_guids[not]`. */
  readonly listObjects?: readonly string[];
  readonly orderBy?: readonly string[];
  readonly defaultOrderBy?: string;
  /** Checks after those of every list, before "must be an array" of the own lists. */
  readonly validators?: readonly Validator[];
  /** Left out of page links. */
  readonly notInLinks?: readonly string[];
  /** BadQueryParameter is the rule; users and roles answer 422 (CC §8). */
  readonly invalid?: ApiErrorName;
}

/** A valid list request. */
export interface ListMessage {
  readonly page: number;
  readonly perPage: number;
  /** undefined: by id, which cannot be asked for by name (CC §1.3). */
  readonly orderBy: string | undefined;
  readonly direction: Direction;
  /** The filters asked for, lists split. */
  readonly filters: Params;
  /** The filters as they stand in page links. */
  readonly linkParams: Params;
}

const PAGE_KEYS = ['page', 'per_page', 'order_by'];
const COMMON_KEYS = [...PAGE_KEYS, 'created_ats', 'updated_ats', 'guids'];
const COMMON_LISTS = ['created_ats', 'updated_ats', 'guids'];

/** @throws ApiError naming all problems of the request at once (CC §1.4) */
export function parseListMessage(
  query: Params,
  shape: ListShape,
  limits: PageLimits = {},
): ListMessage {
  const params = splitLists(query, shape);
  const problems = [
    ...pageProblems(params, limits),
    ...orderByProblems(params, shape.orderBy ?? ['created_at', 'updated_at']),
    ...timestampProblems('Created ats', params.get('created_ats')),
    ...timestampProblems('Updated ats', params.get('updated_ats')),
    ...listProblems('guids', params),
    ...unknownParameters(params, shape),
    ...(shape.validators ?? []).flatMap((problemsOf) => problemsOf(params)),
    ...shape.lists
      .filter((key) => !shape.listObjects?.includes(key))
      .flatMap((key) => listProblems(key, params)),
  ];
  if (problems.length > 0) {
    throw apiError(shape.invalid ?? 'BadQueryParameter', problems.join(', '));
  }
  const filters = new Map([...params].filter(([key]) => !PAGE_KEYS.includes(key)));
  return {
    ...pagination(params, shape.defaultOrderBy),
    filters,
    linkParams: linkParams(filters, shape),
  };
}

function splitLists(query: Params, shape: ListShape): Params {
  const lists = [...shape.lists, ...COMMON_LISTS];
  const split = new Map<string, ParamValue>();
  for (const [key, value] of query) {
    if (value instanceof Map && shape.listObjects?.includes(key)) {
      split.set(key, new Map([...value].map(([inner, list]) => [inner, toListValue(list)])));
    } else {
      split.set(key, lists.includes(key) ? toListValue(value) : value);
    }
  }
  return split;
}

function unknownParameters(params: Params, shape: ListShape): string[] {
  const allowed = [...COMMON_KEYS, ...shape.own];
  const unknown = [...params.keys()].filter((key) => !allowed.includes(key));
  if (unknown.length === 0) return [];
  return [
    `Unknown query parameter(s): '${unknown.join("', '")}'. Valid parameters are: '${allowed.join("', '")}'`,
  ];
}

function listProblems(key: string, params: Params): string[] {
  const value = params.get(key);
  if (value === undefined || value === null || Array.isArray(value)) return [];
  return [`${humanName(key)} must be an array`];
}

/** ActiveModel's human name of an attribute: `target_guids` is `Target guids`. */
function humanName(key: string): string {
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Lists are joined again, objects stay objects: which is why `target_guids[not]` comes out as `target_guids[not][]` (CC §1.7). */
function linkParams(filters: Params, shape: ListShape): Params {
  const kept = [...filters].filter(([key]) => !shape.notInLinks?.includes(key));
  return new Map(
    kept.map(([key, value]) => [key, Array.isArray(value) ? fromListValue(value) : value]),
  );
}
