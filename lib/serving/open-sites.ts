import { CloudFoundryCallers } from '../cloud-foundry/cloud-foundry-callers.ts';
import { createFoundationLinks } from '../cloud-foundry/foundation-links.ts';
import type { Configuration, FoundationConfiguration } from '../config/configuration.ts';
import { resolveSecret } from '../config/secrets.ts';
import { SEES_ALL } from '../domain/visibility.ts';
import type { Site } from '../http/ports.ts';
import type { Caller } from '../identity/caller.ts';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { TOOL } from '../version.ts';
import { createVisibility } from '../visibility/visibility-of.ts';

/** Whoever asks a server without identity: somebody on this machine, who sees everything. */
export const LOCAL_CALLER: Caller = {
  userGuid: 'local',
  userName: undefined,
  clientId: 'local',
  scopes: ['cloud_controller.admin_read_only'],
  token: '',
};

/** The configured foundations as they are served. @returns them, and what to call when nothing is asked any more */
export function openSites({ foundations, http }: Configuration): {
  readonly sites: readonly Site[];
  readonly close: () => Promise<void>;
} {
  const closing: (() => Promise<void>)[] = [];
  const sites = foundations.map((foundation): Site => {
    const { name, api, uaa, login } = foundation;
    const base = {
      name,
      host: http.hosts[name],
      links: createFoundationLinks({ api, uaa, login, userAgent: TOOL }),
    };
    if (http.identity === 'none') {
      return { ...base, identify: async () => LOCAL_CALLER, visibility: async () => SEES_ALL };
    }
    const callers = callersOf(foundation);
    closing.push(() => callers.close());
    return {
      ...base,
      identify: createTokenVerifier({ provider: callers }),
      visibility: createVisibility({ roles: callers.roles }),
    };
  });
  return {
    sites,
    close: async () => {
      await Promise.all(closing.map((close) => close()));
    },
  };
}

const callersOf = ({
  api,
  uaa,
  concurrency,
  clientId,
  clientSecret,
  key,
}: FoundationConfiguration) =>
  new CloudFoundryCallers({
    api,
    uaa,
    concurrency,
    userAgent: TOOL,
    clientId,
    clientSecret: () => resolveSecret(clientSecret, `${key}.client_secret`),
  });
