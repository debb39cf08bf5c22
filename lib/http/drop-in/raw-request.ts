import type { Context } from 'hono';
import { apiError } from '../../cloud-controller-api/api-error.ts';
import {
  type ListMessage,
  type ListShape,
  parseListMessage,
} from '../../cloud-controller-api/list-message.ts';
import { type Params, parseQueryString } from '../../cloud-controller-api/query-string.ts';

/** The parameters as Cloud Controller reads them. @throws ApiError InvalidRequest */
export function parametersOf(c: Context): Params {
  const mark = c.req.raw.url.indexOf('?');
  return parseQueryString(mark === -1 ? '' : c.req.raw.url.slice(mark + 1));
}

/** What a list is asked for. @throws ApiError naming all problems; UnknownError where Cloud Controller itself falls over, such as `page[]=1` */
export function listMessageOf(parameters: Params, shape: ListShape): ListMessage {
  try {
    return parseListMessage(parameters, shape);
  } catch (error) {
    throw error instanceof TypeError ? apiError('UnknownError') : error;
  }
}

/** The last segment of the path, decoded. @throws ApiError InvalidRequest for a broken percent code */
export function guidOf(c: Context): string {
  const { pathname } = new URL(c.req.url);
  try {
    return decodeURIComponent(pathname.replace(/\/$/, '').split('/').at(-1) ?? '');
  } catch {
    throw apiError('InvalidRequest');
  }
}
