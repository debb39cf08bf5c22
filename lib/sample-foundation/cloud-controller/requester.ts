import { jwtVerify } from 'jose';
import { z } from 'zod';
import { apiError } from '../../cloud-controller-api/api-error.ts';
import type { Uaa } from '../uaa/uaa.ts';

/** Who asks, as far as Cloud Controller reads the token. */
export interface Requester {
  readonly userGuid: string;
  readonly isAdmin: boolean;
  readonly isAdminReadOnly: boolean;
  readonly isGlobalAuditor: boolean;
  /** Has `cloud_controller.read`. */
  readonly isReader: boolean;
}

/** `missing`: no token; `invalid`: one that Cloud Controller refuses. */
export type Authentication = Requester | 'missing' | 'invalid';

const claimsSchema = z.object({
  jti: z.string().refine((jti) => !jti.endsWith('-r')),
  scope: z.array(z.string()).default([]),
  user_id: z.string().optional(),
  client_id: z.string(),
});

/** Cloud Controller's check of the `Authorization` header: signature, `exp`, `aud`, `iss`, and no refresh token (CC §9). */
export async function authenticate(uaa: Uaa, header: string | undefined): Promise<Authentication> {
  if (header === undefined || !/^bearer/i.test(header)) return 'missing';
  const token = header.replace(/^bearer\s*/i, '');
  for (const key of uaa.keys.all) {
    const verified = await jwtVerify(token, key.publicKey, {
      algorithms: ['RS256'],
      audience: 'cloud_controller',
      issuer: `${uaa.url}/oauth/token`,
      requiredClaims: ['exp'],
    }).catch(() => undefined);
    const claims = claimsSchema.safeParse(verified?.payload);
    if (claims.success && !uaa.isExpired(claims.data.jti)) return requesterOf(claims.data);
  }
  return 'invalid';
}

/** @throws ApiError NotAuthenticated or InvalidAuthToken (CC §1.5) */
export function requireToken(authentication: Authentication): Requester {
  if (authentication === 'missing') throw apiError('NotAuthenticated');
  if (authentication === 'invalid') throw apiError('InvalidAuthToken');
  return authentication;
}

/** The scope gate of every v3 list (CC §3 rule 1). @throws ApiError NotAuthorized */
export function requireReadScope(requester: Requester): Requester {
  if (!readsGlobally(requester) && !requester.isReader) throw apiError('NotAuthorized');
  return requester;
}

/** Sees everything (CC §3 rule 2). */
export function readsGlobally(requester: Requester): boolean {
  return requester.isAdmin || requester.isAdminReadOnly || requester.isGlobalAuditor;
}

function requesterOf(claims: z.infer<typeof claimsSchema>): Requester {
  const has = (scope: string) => claims.scope.includes(scope);
  return {
    userGuid: claims.user_id ?? claims.client_id,
    isAdmin: has('cloud_controller.admin'),
    isAdminReadOnly: has('cloud_controller.admin_read_only'),
    isGlobalAuditor: has('cloud_controller.global_auditor'),
    isReader: has('cloud_controller.read'),
  };
}
