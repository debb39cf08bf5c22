import type { ListMessage } from '../../cloud-controller-api/list-message.ts';
import { presentPagination } from '../../cloud-controller-api/pagination.ts';
import { type Answer, jsonTextAnswer } from '../http/exchange.ts';
import type { V3Request } from './context.ts';
import { type Dataset, isIn, where, whereClause } from './fetch/dataset.ts';
import { fetchPage } from './fetch/page.ts';

/** How the rows of one list become JSON text. */
export interface ListPresenter {
  /** Path of the list, for the page links. */
  readonly path: string;
  readonly columns: readonly string[];
  /** One resource as JSON text. */
  readonly present: (row: readonly unknown[]) => string;
  /** The `included` object for the rows of the page; undefined: none. */
  readonly included?: (rows: readonly (readonly unknown[])[]) => unknown;
}

/** A page of a list: pagination, resources, and included if asked for. */
export async function answerList(
  { cloudController }: V3Request,
  dataset: Dataset,
  message: ListMessage,
  presenter: ListPresenter,
): Promise<Answer> {
  const { database, hooks, externalUrl } = cloudController;
  const { columns, path, present } = presenter;
  const page = await fetchPage(database, dataset, message, columns, hooks.betweenCountAndRows);
  const pagination = presentPagination(`${externalUrl()}${path}`, message, page.total);
  const included = presenter.included?.(page.rows);
  return jsonTextAnswer(
    200,
    `{"pagination":${JSON.stringify(pagination)},"resources":[${page.rows.map(present).join(',')}]${
      included === undefined ? '' : `,"included":${JSON.stringify(included)}`
    }}`,
  );
}

/** The row with this guid, if the caller may read it. */
export function firstByGuid(
  { cloudController, guid }: V3Request,
  dataset: Dataset,
  columns: readonly string[],
): unknown[] | undefined {
  const { table } = dataset;
  const { sql, values } = whereClause(where(dataset, isIn(`${table}.guid`, [guid])));
  const [row] = cloudController.database.allArrays(
    `SELECT ${columns.map((column) => `${table}.${column}`).join(', ')} FROM ${table} ${sql}`,
    ...values,
  );
  return row;
}
