import type { ListMessage } from './list-message.ts';
import { toQuery } from './to-query.ts';

/** The `pagination` object of a list (CC §1.7). @param listUrl - absolute, built from Cloud Controller's own configuration */
export function presentPagination(listUrl: string, message: ListMessage, total: number): unknown {
  const lastPage = Math.max(1, Math.ceil(total / message.perPage));
  const link = (page: number) => ({ href: `${listUrl}?${toQuery(linkParams(message, page))}` });
  return {
    total_results: total,
    total_pages: lastPage,
    first: link(1),
    last: link(lastPage),
    next: message.page + 1 <= lastPage ? link(message.page + 1) : null,
    previous: message.page - 1 > 0 ? link(message.page - 1) : null,
  };
}

function linkParams(message: ListMessage, page: number) {
  const { orderBy, direction, perPage } = message;
  const params = new Map(message.linkParams);
  params.set('per_page', String(perPage)).set('page', String(page));
  if (orderBy !== undefined) params.set('order_by', `${direction === 'asc' ? '+' : '-'}${orderBy}`);
  return params;
}
