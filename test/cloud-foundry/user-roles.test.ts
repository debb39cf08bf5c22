import { describe, expect, it } from '@jest/globals';
import type { HttpClient } from '../../lib/cloud-foundry/http-client.ts';
import { readUserRoles } from '../../lib/cloud-foundry/user-roles.ts';

const aRole = (index: number) => ({
  guid: `role-${index}`,
  type: 'space_developer',
  relationships: {
    user: { data: { guid: 'u-1' } },
    space: { data: { guid: `space-${index}` } },
    organization: { data: null },
  },
});
const FULL = Array.from({ length: 5_000 }, (_, index) => aRole(index));

/** Roles as a Cloud Controller gives them that answers each page number the same way every time. */
async function read(
  total: number,
  resources: (page: number) => readonly ReturnType<typeof aRole>[],
) {
  const asked: string[] = [];
  const http = {
    getJson: async (url: URL) => {
      const page = url.searchParams.get('page') ?? '';
      asked.push(page);
      return { pagination: { total_results: total }, resources: resources(Number(page)) };
    },
  } as Partial<HttpClient> as HttpClient;
  const api = new URL('https://api.example.org');
  const roles = await readUserRoles(http, api, 'u-1', ['space_developer']).catch(
    ({ code }: { code: string }) => code,
  );
  return { found: typeof roles === 'string' ? roles : roles.length, asked: asked.join() };
}

describe('readUserRoles', () => {
  it.each([
    ['one page that is all', 2, () => [aRole(1), aRole(2)], 2, '1'],
    ['a page less than is counted', 3, () => [aRole(1), aRole(2)], 'CF_UNAVAILABLE', '1,1,1,1'],
    ['a page more than is counted', 1, () => [aRole(1), aRole(2)], 'CF_UNAVAILABLE', '1,1,1,1'],
    [
      'pages less than are counted, however often they agree',
      5_002,
      (page: number) => (page === 1 ? FULL : [aRole(5_000)]),
      'CF_UNAVAILABLE',
      '1,2,1,2,1,2,1,2',
    ],
    [
      'two pages that agree',
      5_001,
      (page: number) => (page === 1 ? FULL : [aRole(5_000)]),
      5_001,
      '1,2,1,2',
    ],
    ['a full page again and again', 10_000, () => FULL, 'CF_UNAVAILABLE', '1,2,1,2,1,2,1,2'],
  ])('reads %s', async (_what, total, resources, found, asked) => {
    await expect(read(total, resources)).resolves.toEqual({ found, asked });
  });
});
