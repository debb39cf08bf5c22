import type { Hono } from 'hono';
import type { HttpServer } from '../server.ts';
import { mountOf } from '../sites.ts';

/** What of Cloud Controller's v3 is answered here. */
const RESOURCES = ['apps', 'audit_events', 'info', 'organizations', 'spaces'];

/** Links that clients know and an archive has nothing to show for. */
const NOT_HERE = {
  credhub: null,
  routing: null,
  logging: null,
  log_cache: null,
  log_stream: null,
  app_ssh: null,
};

const NAME = 'cf-audit-archive';
const DESCRIPTION = 'Archive of audit events';

/** The documents that clients read first, without a token (CC §11). UAA and login stay the foundation's own. */
export function addRoot(app: Hono, server: HttpServer): void {
  app.get('/', async (c) => {
    const { site, api } = mountOf(server, c);
    const { uaa, login, version } = await site.links();
    return c.json({
      links: {
        self: { href: api },
        cloud_controller_v3: { href: `${api}/v3`, meta: { version } },
        network_policy_v0: null,
        network_policy_v1: null,
        login: { href: login },
        uaa: { href: uaa },
        ...NOT_HERE,
      },
    });
  });
  app.get('/v3', (c) => {
    const root = `${mountOf(server, c).api}/v3`;
    const links = RESOURCES.map((name) => [name, { href: `${root}/${name}` }] as const);
    return c.json({ links: { self: { href: root }, ...Object.fromEntries(links) } });
  });
  app.get('/v3/info', (c) => {
    const { api } = mountOf(server, c);
    return c.json({
      build: '',
      cli_version: { minimum: '', recommended: '' },
      custom: {},
      description: DESCRIPTION,
      name: NAME,
      version: 0,
      osbapi_version: '',
      rate_limits: { enabled: false, general_limit: '', reset_interval_in_minutes: '' },
      links: { self: { href: `${api}/v3/info` }, support: { href: '' } },
    });
  });
  app.get('/v2/info', async (c) => {
    const { uaa, login } = await mountOf(server, c).site.links();
    return c.json({
      name: NAME,
      build: '',
      support: 'CF API v2 is disabled',
      version: 0,
      description: DESCRIPTION,
      authorization_endpoint: login,
      token_endpoint: uaa,
      min_cli_version: null,
      min_recommended_cli_version: null,
      api_version: '',
      osbapi_version: '',
    });
  });
}
