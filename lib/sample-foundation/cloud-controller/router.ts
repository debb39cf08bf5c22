import { ApiError, apiError } from '../../cloud-controller-api/api-error.ts';
import { parseQueryString } from '../../cloud-controller-api/query-string.ts';
import { type Answer, type FoundationRequest, jsonAnswer } from '../http/exchange.ts';
import type { CloudController, V3Route } from './context.ts';
import { errorAnswer } from './error-answer.ts';
import { answerNginx } from './nginx.ts';
import { Permissions } from './permissions.ts';
import { requestId } from './request-id.ts';
import { type Authentication, authenticate, requireReadScope, requireToken } from './requester.ts';
import { rootDocument, v2InfoDocument, v3InfoDocument, v3RootDocument } from './routes/root.ts';
import { V3_ROUTES } from './routes/v3-routes.ts';

const OPEN_DOCUMENTS: Readonly<Record<string, (cloudController: CloudController) => unknown>> = {
  '/': rootDocument,
  '/v3': v3RootDocument,
  '/v3/info': v3InfoDocument,
  '/v2/info': v2InfoDocument,
};

/** Answer one request as Cloud Controller behind its nginx does. What no rule foresees is a 500 UnknownError, as there. */
export async function answerCloudController(
  cloudController: CloudController,
  request: FoundationRequest,
): Promise<Answer> {
  const atTheDoor = answerNginx(request);
  if (atTheDoor !== undefined) return atTheDoor;
  const authentication = await authenticate(cloudController.uaa, request.headers.authorization);
  rememberCaller(cloudController, authentication);
  const target = request.query === '' ? request.path : `${request.path}?${request.query}`;
  const { headers, refusal } = cloudController.rateLimiter.count(target, authentication);
  const answer =
    refusal ??
    (await answerRoute(cloudController, request, () =>
      requireReadScope(requireToken(authentication)),
    ));
  return {
    ...answer,
    headers: {
      ...answer.headers,
      ...headers,
      'X-VCAP-Request-ID': requestId(request),
      ...(typeof authentication === 'string' ? {} : { 'X-USER-GUID': authentication.userGuid }),
    },
  };
}

/** Cloud Controller makes a row in its users table for every caller it does not know (CC §3). */
function rememberCaller({ database, clock }: CloudController, authentication: Authentication) {
  if (typeof authentication === 'string') return;
  database.run(
    'INSERT INTO users (guid, created_at) VALUES (?, ?) ON CONFLICT (guid) DO NOTHING',
    authentication.userGuid,
    clock.nowMicros(),
  );
}

async function answerRoute(
  cloudController: CloudController,
  request: FoundationRequest,
  authorize: () => ReturnType<typeof requireToken>,
): Promise<Answer> {
  try {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw apiError('NotFound');
    const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
    const document = OPEN_DOCUMENTS[path];
    if (document !== undefined) return jsonAnswer(200, document(cloudController));
    const { route, guid } = routeOf(path);
    const query = parseQueryString(request.query);
    const permissions = new Permissions(authorize(), cloudController.clock.nowMicros());
    return await route({ cloudController, permissions, query, guid });
  } catch (error) {
    if (
      error instanceof ApiError &&
      error.errorName === 'NotFound' &&
      !/^\/v3\b/.test(request.path)
    ) {
      // Outside /v3 the old half of Cloud Controller answers, with a flat error.
      return jsonAnswer(404, {
        description: error.message,
        error_code: 'CF-NotFound',
        code: 10000,
      });
    }
    return errorAnswer(error instanceof ApiError ? error : apiError('UnknownError'));
  }
}

/** @throws ApiError NotFound, without asking for a token: so does Cloud Controller */
function routeOf(path: string): { route: V3Route; guid: string } {
  const segments = path.split('/');
  const list = V3_ROUTES[path];
  if (list !== undefined) return { route: list, guid: '' };
  const pattern = segments.map((segment, place) => (place === 3 ? ':guid' : segment)).join('/');
  const route = V3_ROUTES[pattern];
  if (route === undefined) throw apiError('NotFound');
  return { route, guid: decoded(segments[3] ?? '') };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw apiError('InvalidRequest');
  }
}
