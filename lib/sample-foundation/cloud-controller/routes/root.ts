import type { CloudController } from '../context.ts';

const V3_RESOURCES =
  'app_usage_events apps audit_events buildpacks builds deployments domains droplets environment_variable_groups feature_flags info isolation_segments organizations organization_quotas packages processes resource_matches roles routes security_groups service_brokers service_instances service_credential_bindings service_offerings service_plans service_route_bindings service_usage_events spaces space_quotas stacks tasks users'.split(
    ' ',
  );

/** `GET /`: where everything is. v2 is off, so it has no link (CC §6, §11). */
export function rootDocument({ externalUrl, apiVersion, uaa }: CloudController): unknown {
  const api = externalUrl();
  return {
    links: {
      self: { href: api },
      cloud_controller_v3: { href: `${api}/v3`, meta: { version: apiVersion } },
      network_policy_v0: { href: `${api}/networking/v0/external` },
      network_policy_v1: { href: `${api}/networking/v1/external` },
      login: { href: uaa.url },
      uaa: { href: uaa.url },
      credhub: null,
      routing: { href: `${api}/routing` },
      logging: { href: 'wss://doppler.example.org:443' },
      log_cache: { href: 'https://log-cache.example.org' },
      log_stream: { href: 'https://log-stream.example.org' },
      app_ssh: {
        href: 'ssh.example.org:2222',
        meta: {
          host_key_fingerprint: 'lcPl2OVXvBmEs5AKqpYuJ3jsrkPYmHCwbKjzLaBxbcs',
          oauth_client: 'ssh-proxy',
        },
      },
    },
  };
}

/** `GET /v3` (CC §11). */
export function v3RootDocument({ externalUrl }: CloudController): unknown {
  const root = `${externalUrl()}/v3`;
  return {
    links: {
      self: { href: root },
      ...Object.fromEntries(V3_RESOURCES.map((name) => [name, { href: `${root}/${name}` }])),
    },
  };
}

/** `GET /v3/info` (CC §11). */
export function v3InfoDocument({ externalUrl, rateLimiter }: CloudController): unknown {
  const { enabled, limit, intervalMinutes } = rateLimiter.settings;
  return {
    build: '',
    cli_version: { minimum: '', recommended: '' },
    custom: {},
    description: 'Sample foundation',
    name: 'sample',
    version: 0,
    osbapi_version: '2.15',
    rate_limits: {
      enabled,
      general_limit: limit,
      reset_interval_in_minutes: intervalMinutes,
    },
    links: { self: { href: `${externalUrl()}/v3/info` }, support: { href: '' } },
  };
}

/** `GET /v2/info`, the one v2 path that still answers when v2 is off (CC §6). */
export function v2InfoDocument({ uaa }: CloudController): unknown {
  return {
    name: 'sample',
    build: '',
    support: 'CF API v2 is disabled',
    version: 0,
    description: 'Sample foundation',
    authorization_endpoint: uaa.url,
    token_endpoint: uaa.url,
    min_cli_version: null,
    min_recommended_cli_version: null,
    app_ssh_endpoint: 'ssh.example.org:2222',
    app_ssh_host_key_fingerprint: 'lcPl2OVXvBmEs5AKqpYuJ3jsrkPYmHCwbKjzLaBxbcs',
    app_ssh_oauth_client: 'ssh-proxy',
    doppler_logging_endpoint: 'wss://doppler.example.org:443',
    api_version: '',
    osbapi_version: '2.15',
  };
}
