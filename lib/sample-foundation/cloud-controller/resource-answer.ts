import { apiError } from '../../cloud-controller-api/api-error.ts';
import type { ListMessage } from '../../cloud-controller-api/list-message.ts';
import { type Answer, jsonAnswer } from '../http/exchange.ts';
import type { V3Request } from './context.ts';
import { commonFilters, conditionsOf, type Filter } from './fetch/common-filters.ts';
import { type Dataset, isIn, where, whereClause } from './fetch/dataset.ts';
import { answerList, firstByGuid } from './list-answer.ts';
import { type ResourcePresenter, type ResourceRow, rowObject } from './presenters/resource.ts';

export interface ResourceList {
  readonly path: string;
  /** What the caller may read. */
  readonly readable: Dataset;
  /** Filters besides those every list has. */
  readonly filters: Readonly<Record<string, Filter>>;
  readonly presenter: ResourcePresenter;
  readonly included?: ((rows: readonly ResourceRow[]) => unknown) | undefined;
}

/** A list of anything but events. */
export async function answerResourceList(
  request: V3Request,
  message: ListMessage,
  { path, readable, filters, presenter, included }: ResourceList,
): Promise<Answer> {
  const { columns } = presenter;
  const conditions = conditionsOf(message, { ...commonFilters(readable.table), ...filters });
  const apiUrl = request.cloudController.externalUrl();
  return await answerList(request, where(readable, ...conditions), message, {
    path,
    columns,
    present: (row) => JSON.stringify(presenter.present(rowObject(columns, row), apiUrl)),
    ...(included === undefined
      ? {}
      : { included: (rows) => included(rows.map((row) => rowObject(columns, row))) }),
  });
}

/** One resource by guid. @param name - as in "Space not found", which also answers for what the caller may not see */
export function answerResource(
  request: V3Request,
  readable: Dataset,
  presenter: ResourcePresenter,
  name: string,
): Answer {
  const row = firstByGuid(request, readable, presenter.columns);
  if (row === undefined) throw apiError('ResourceNotFound', `${name} not found`);
  const apiUrl = request.cloudController.externalUrl();
  return jsonAnswer(200, presenter.present(rowObject(presenter.columns, row), apiUrl));
}

/** Resources that a list includes: those with these guids, in the order of (created_at, guid). */
export function presentIncluded(
  { cloudController }: V3Request,
  existing: Dataset,
  presenter: ResourcePresenter,
  guids: readonly unknown[],
): unknown[] {
  const { table } = existing;
  const texts = guids.filter((guid) => typeof guid === 'string');
  const { sql, values } = whereClause(where(existing, isIn(`${table}.guid`, texts)));
  return cloudController.database
    .all(
      `SELECT ${presenter.columns.map((column) => `${table}.${column}`).join(', ')} FROM ${table}
       ${sql} ORDER BY ${table}.created_at, ${table}.guid`,
      ...values,
    )
    .map((row) => presenter.present(row, cloudController.externalUrl()));
}
