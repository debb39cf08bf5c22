import { type Answer, type FoundationRequest, jsonAnswer } from '../http/exchange.ts';
import { tokenKeyDocument } from './signing-keys.ts';
import { type Uaa, UaaError } from './uaa.ts';

/** UAA over HTTP: tokens, keys, discovery and the prompts of `cf login` (CC §9, §11). */
export async function answerUaa(uaa: Uaa, request: FoundationRequest): Promise<Answer> {
  try {
    return await route(uaa, request);
  } catch (error) {
    if (!(error instanceof UaaError)) throw error;
    const document = { error: error.error, error_description: error.message };
    return jsonAnswer(error.status, document, { 'Cache-Control': 'no-store' });
  }
}

async function route(uaa: Uaa, request: FoundationRequest): Promise<Answer> {
  switch (`${request.method} ${request.path}`) {
    case 'POST /oauth/token':
      return jsonAnswer(200, await grantToken(uaa, request), { 'Cache-Control': 'no-store' });
    case 'GET /token_keys':
      return jsonAnswer(200, { keys: uaa.keys.all.map(tokenKeyDocument) });
    case 'GET /token_key':
      return jsonAnswer(200, tokenKeyDocument(uaa.keys.active));
    case 'GET /.well-known/openid-configuration':
    case 'GET /oauth/token/.well-known/openid-configuration':
      return jsonAnswer(200, discovery(uaa.url));
    case 'GET /login':
      return jsonAnswer(200, loginDocument(uaa.url));
    default:
      return jsonAnswer(404, { error: 'not_found', error_description: 'No such page.' });
  }
}

async function grantToken(uaa: Uaa, request: FoundationRequest) {
  const form = new URLSearchParams(request.body);
  const field = (name: string) => form.get(name) ?? new URLSearchParams(request.query).get(name);
  const clientId = authenticatedClient(uaa, request, form);
  switch (field('grant_type')) {
    case 'client_credentials':
      return await uaa.clientCredentials(clientId);
    case 'password':
      return await uaa.password(
        clientId,
        field('username') ?? '',
        field('password') ?? '',
        originOf(field('login_hint')),
      );
    case 'refresh_token':
      return await uaa.refresh(clientId, field('refresh_token') ?? '');
    case null:
      throw new UaaError(400, 'invalid_request', 'Missing grant type');
    default:
      throw new UaaError(400, 'unsupported_grant_type', 'Unsupported grant type');
  }
}

/** HTTP Basic wins over the form, where both are given. */
function authenticatedClient(uaa: Uaa, request: FoundationRequest, form: URLSearchParams): string {
  const [, basic] = /^basic (.*)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (basic === undefined) {
    const id = form.get('client_id') ?? undefined;
    return uaa.checkClient(
      id,
      form.get('client_secret') ?? '',
      id === undefined ? 'basic' : 'form',
    );
  }
  const pair = Buffer.from(basic, 'base64').toString('utf8');
  const mark = pair.indexOf(':');
  const [id, secret] = [pair.slice(0, mark), pair.slice(mark + 1)].map(formDecoded);
  return uaa.checkClient(id, secret ?? '', 'basic');
}

/** RFC 6749 §2.3.1: both halves of Basic are form-encoded. Many clients do not do it, so what does not decode is taken as it is. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function originOf(loginHint: string | null): string | undefined {
  if (loginHint === null) return undefined;
  try {
    const { origin } = JSON.parse(loginHint) as { origin?: unknown };
    return typeof origin === 'string' ? origin : undefined;
  } catch {
    return undefined;
  }
}

function discovery(url: string) {
  return {
    issuer: `${url}/oauth/token`,
    authorization_endpoint: `${url}/oauth/authorize`,
    token_endpoint: `${url}/oauth/token`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'HS256'],
    userinfo_endpoint: `${url}/userinfo`,
    jwks_uri: `${url}/token_keys`,
    scopes_supported: ['openid', 'profile', 'email', 'phone', 'roles', 'user_attributes'],
    response_types_supported: ['code', 'code id_token', 'id_token', 'token id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'HS256'],
  };
}

function loginDocument(url: string) {
  return {
    app: { version: '77.20.0' },
    links: { uaa: url, login: url, passwd: '/forgot_password', register: '/create_account' },
    zone_name: 'uaa',
    entityID: url,
    commit_id: 'sample',
    idpDefinitions: {},
    prompts: { username: ['text', 'Email'], password: ['password', 'Password'] },
  };
}
