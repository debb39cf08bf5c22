import type { ListMessage } from '../../cloud-controller-api/list-message.ts';
import { fromListValue } from '../../cloud-controller-api/list-value.ts';
import { presentPagination } from '../../cloud-controller-api/pagination.ts';

/**
 * The `pagination` object with links that ask the same question again.
 *
 * Cloud Controller writes `target_guids[not]=a` as `target_guids[not][]=a`, and reads that as another text, so that the exclusion is lost on the way to page 2 (CC §1.7). Here it stays as it was asked.
 */
export const ownPagination = (listUrl: string, message: ListMessage, total: number): unknown =>
  presentPagination(
    listUrl,
    {
      ...message,
      linkParams: new Map(
        [...message.linkParams].map(([key, value]) => [
          key,
          value instanceof Map
            ? new Map(
                [...value].map(([inner, list]) => [
                  inner,
                  Array.isArray(list) ? fromListValue(list) : list,
                ]),
              )
            : value,
        ]),
      ),
    },
    total,
  );
