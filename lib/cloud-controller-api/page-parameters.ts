import type { Params, ParamValue } from './query-string.ts';
import { rubyInteger } from './ruby-text.ts';

export type Direction = 'asc' | 'desc';

export interface PageLimits {
  /** Cloud Controller's `renderer.max_total_results`; undefined: not set (CC §2.3). */
  readonly maxTotalResults?: number | undefined;
}

const PER_PAGE_DEFAULT = 50;
const PER_PAGE_MAX = 5000n;
const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Problems of `page` and `per_page` (CC §1.4, §2.3). */
export function pageProblems(params: Params, limits: PageLimits): string[] {
  const page = textOf(params.get('page'));
  const perPage = textOf(params.get('per_page'));
  const problems: string[] = [];
  if (page !== undefined && rubyInteger(page) <= 0n) {
    problems.push('Page must be a positive integer');
  }
  if (perPage !== undefined) {
    const size = rubyInteger(perPage);
    if (size <= 0n) problems.push('Per page must be a positive integer');
    else if (size > PER_PAGE_MAX) problems.push('Per page must be between 1 and 5000');
  }
  if (page === undefined && perPage === undefined) return problems;
  const most = limits.maxTotalResults === undefined ? MAX_BIGINT : BigInt(limits.maxTotalResults);
  const asked = rubyInteger(page ?? '1') * rubyInteger(perPage ?? String(PER_PAGE_DEFAULT));
  if (asked > most) {
    problems.push(`Maximum result (page * per_page) must be less than ${most}`);
  }
  return problems;
}

export function orderByProblems(params: Params, allowed: readonly string[]): string[] {
  const orderBy = textOf(params.get('order_by'));
  if (orderBy === undefined || orderBy.trim() === '') return [];
  if (new RegExp(`^[+-]?(${allowed.join('|')})$`).test(orderBy) && !orderBy.endsWith('\n'))
    return [];
  return [`Order by can only be: ${allowed.map((column) => `'${column}'`).join(', ')}`];
}

/** Page, size and order of a request that has passed the checks. */
export function pagination(
  params: Params,
  defaultOrderBy: string | undefined,
): { page: number; perPage: number; orderBy: string | undefined; direction: Direction } {
  const given = textOf(params.get('order_by'))?.trim();
  const orderBy = given || defaultOrderBy;
  return {
    page: Number(rubyInteger(textOf(params.get('page')) || '1')),
    perPage: Number(rubyInteger(textOf(params.get('per_page')) || String(PER_PAGE_DEFAULT))),
    orderBy: orderBy?.replace(/^[+-]/, ''),
    direction: orderBy?.startsWith('-') ? 'desc' : 'asc',
  };
}

/** @throws TypeError for `page[]=1` and the like: Cloud Controller calls a method that lists and objects do not have, and answers 500 */
function textOf(value: ParamValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new TypeError('A page parameter is a list or an object.');
}
