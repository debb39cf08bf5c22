import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { ArchiveError } from '../domain/errors.ts';
import type { Caller } from './caller.ts';
import type { IdentityProvider } from './ports.ts';
import type { TokenKey } from './token-keys.ts';
import { type Trust, TrustCache } from './trust.ts';

export interface TokenVerifierOptions {
  /** The UAA of one foundation: tokens of any other are refused. */
  readonly provider: IdentityProvider;
  /** Default: the clock. */
  readonly now?: () => Date;
  /** Milliseconds of a clock that never goes back, for the age of keys; default: the process's. */
  readonly elapsedMs?: () => number;
}

/** `none` and the HS family are not among them: a public key must never be taken for a shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/** Who has one of these is let in at all; with the first three everything is seen. */
export const READ_SCOPES = [
  'cloud_controller.admin',
  'cloud_controller.admin_read_only',
  'cloud_controller.global_auditor',
  'cloud_controller.read',
] as const;

const AUDIENCE = 'cloud_controller';

/** Characters of a header that is looked at; Node takes 16,384 bytes of all headers together. */
const MAX_LENGTH = 16_384;

const claimsSchema = z.object({
  /** Of a refresh token it ends in `-r`, and nothing else tells one from an access token. */
  jti: z.string().refine((jti) => !jti.endsWith('-r')),
  scope: z.array(z.string()),
  client_id: z.string().min(1),
  user_id: z.string().min(1).optional(),
  user_name: z.string().optional(),
});

/**
 * Make the check of `Authorization` headers: as Cloud Controller does it, and never looser.
 *
 * Signature by a key that UAA shows now, algorithm, issuer, audience `cloud_controller`, expiry and not-before without any grace, no refresh token, one of Cloud Controller's four scopes. What the token says of keys (`jku`, `jwk`, `x5c`) is ignored.
 * No error holds the token or anything of it.
 *
 * The function throws ArchiveError TOKEN_MISSING, TOKEN_INVALID, SCOPE_INSUFFICIENT, IDENTITY_UNAVAILABLE.
 */
export function createTokenVerifier({
  provider,
  now = () => new Date(),
  elapsedMs = () => performance.now(),
}: TokenVerifierOptions): (authorization: string | undefined) => Promise<Caller> {
  const cache = new TrustCache(provider, elapsedMs);
  return async (authorization) => {
    const token = bearerOf(authorization);
    const kid = keyIdOf(token);
    const trust = await cache.current();
    const payload =
      (await verified(token, kid, trust, now())) ??
      (await verified(token, kid, await cache.newer(trust), now()));
    if (payload === undefined) throw invalid('no key of this foundation has signed it');
    return callerOf(payload, token);
  };
}

const invalid = (why: string): ArchiveError =>
  new ArchiveError('TOKEN_INVALID', `the token is refused: ${why}; log in again`);

function bearerOf(authorization: string | undefined): string {
  const [, token] = /^bearer\s*(.*)$/is.exec(authorization?.trim() ?? '') ?? [];
  if (token === undefined) {
    throw new ArchiveError(
      'TOKEN_MISSING',
      'there is no token: send the header Authorization with what `cf oauth-token` prints',
    );
  }
  if (token.length > MAX_LENGTH) throw invalid('it is too long');
  return token;
}

function keyIdOf(token: string): string | undefined {
  try {
    const { alg = '', kid } = decodeProtectedHeader(token);
    if (ALGORITHMS.includes(alg)) return typeof kid === 'string' ? kid : undefined;
  } catch {
    throw invalid('it is no signed JWT');
  }
  throw invalid(`it is not signed with one of ${ALGORITHMS.join(', ')}`);
}

/** What the token says, when one of the keys has signed it; undefined when none has. @throws ArchiveError TOKEN_INVALID when one has, and it is refused all the same */
async function verified(
  token: string,
  kid: string | undefined,
  trust: Trust | undefined,
  currentDate: Date,
): Promise<JWTPayload | undefined> {
  for (const { key } of candidates(kid, trust?.keys ?? [])) {
    const result = await jwtVerify(token, key, {
      algorithms: ALGORITHMS,
      issuer: trust?.issuer ?? '',
      audience: AUDIENCE,
      requiredClaims: ['exp'],
      currentDate,
    }).catch((error: unknown): JWTVerifyResult | undefined => {
      if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
      throw invalid(reasonOf(error));
    });
    if (result) return result.payload;
  }
  return undefined;
}

/** The keys that may have signed: those of the name, and those that have none. */
const candidates = (kid: string | undefined, keys: readonly TokenKey[]): readonly TokenKey[] =>
  kid === undefined ? keys : keys.filter((key) => key.kid === kid || key.kid === undefined);

/** In our own words: what `jose` throws carries the claims. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case 'iss':
        return 'another foundation has issued it';
      case 'aud':
        return 'it is not meant for Cloud Controller';
      case 'nbf':
        return 'it is not valid yet';
      default:
        return `its claim ${error.claim} is not as it should be`;
    }
  }
  return 'it is malformed';
}

function callerOf(payload: JWTPayload, token: string): Caller {
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) throw invalid('it is no access token of UAA');
  const { scope, client_id, user_id, user_name } = claims.data;
  if (!READ_SCOPES.some((each) => scope.includes(each))) {
    throw new ArchiveError(
      'SCOPE_INSUFFICIENT',
      `the token has none of the scopes ${READ_SCOPES.join(', ')}`,
    );
  }
  return {
    userGuid: user_id ?? client_id,
    userName: user_name,
    clientId: client_id,
    scopes: scope,
    token,
  };
}
