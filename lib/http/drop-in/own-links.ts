import type { ListMessage } from '../../cloud-controller-api/list-message.ts';
import { fromListValue } from '../../cloud-controller-api/list-value.ts';
import { presentPagination } from '../../cloud-controller-api/pagination.ts';
import type { Params } from '../../cloud-controller-api/query-string.ts';

/**
 * The `pagination` object with links that ask the same question again.
 *
 * Cloud Controller writes `target_guids[not]=a` as `target_guids[not][]=a`, and reads that as another text, so that the exclusion is lost on the way to page 2 (CC §1.7). Here it stays as it was asked. An operator that says nothing beside it is written as Cloud Controller writes it.
 */
export const ownPagination = (listUrl: string, message: ListMessage, total: number): unknown =>
  presentPagination(
    listUrl,
    {
      ...message,
      linkParams: new Map(
        [...message.linkParams].map(([key, value]) => [
          key,
          value instanceof Map ? keepExclusion(value) : value,
        ]),
      ),
    },
    total,
  );

function keepExclusion(operators: Params): Params {
  const excluded = operators.get('not');
  return Array.isArray(excluded)
    ? new Map(operators).set('not', fromListValue(excluded))
    : operators;
}
