import { QUESTION_COLUMNS } from '../domain/question-columns.ts';
import type { TableShape } from './table.ts';

/** In DuckDB a function: `FROM query_log()`. */
export const QUERY_LOG_NAME = 'query_log';

/** Who asked what over HTTP: days that are over, as `digest` of the command line or, in the deployed stack, `archive-day` rolled them. */
export const QUERY_LOG_TABLE: TableShape = {
  folder: 'queries/v1/days',
  description: 'Questions asked over HTTP, a partition for each foundation and UTC day',
  columns: QUESTION_COLUMNS,
};
