import { describe, expect, it } from '@jest/globals';
import { parseConfiguration } from '../../lib/config/read-configuration.ts';

const MINIMAL = `archive: s3://audit-archive
foundations:
  - { name: eu-1, api: "https://api.eu-1.example.org", client_id: c, client_secret: { env: S } }
`;

const parse = (text: string) => parseConfiguration(text, 'c.yml', '/etc/archive');

describe('the section http', () => {
  it('takes every key', () => {
    const { http } = parse(`${MINIMAL}http:
  identity: uaa
  query_log: optional
  url: https://audit.example.org/
  hosts: { eu-1: audit.eu-1.example.org }
  cors: [https://portal.example.org]
  questions_per_user: 2
  questions_per_hour: 600
  timeout: 10s
  export_timeout: 1h
  max_range: 400d
  daily_scan: 1TB
  max_answer: 16MB
  cursor_key: { file: ./cursor-key }
  exports: s3://audit-exports/
`);

    expect(http).toEqual({
      identity: 'uaa',
      queryLog: 'optional',
      url: 'https://audit.example.org',
      hosts: { 'eu-1': 'audit.eu-1.example.org' },
      corsOrigins: ['https://portal.example.org'],
      questionsPerUser: 2,
      questionsPerHour: 600,
      timeoutMs: 10_000,
      exportTimeoutMs: 3_600_000,
      maxRangeMs: 400 * 86_400_000,
      dailyScanBytes: 1e12,
      maxPageBytes: 16e6,
      cursorKey: { kind: 'file', path: '/etc/archive/cursor-key' },
      exportBucket: 'audit-exports',
    });
  });

  it('limits the questions of an hour where callers are known, and the length of a page everywhere', () => {
    expect(parse(MINIMAL).http).toMatchObject({ questionsPerHour: undefined, maxPageBytes: 64e6 });
    expect(parse(`${MINIMAL}http: { identity: uaa }\n`).http.questionsPerHour).toBe(3600);
  });

  it.each([
    ['{ identity: yes }', '4: http.identity: must be none or uaa'],
    ['{ identitty: uaa }', '4: http.identitty: unknown key; did you mean identity?'],
    ['{ url: "https://audit.example.org/x" }', '4: http.url: must be an origin'],
    ['{ cors: ["*"] }', '4: http.cors[0]: must be an origin'],
    ['{ hosts: { us-1: h } }', '4: http.hosts.us-1: is no foundation of this configuration'],
    ['{ hosts: { eu-1: "h:80" } }', '4: http.hosts.eu-1: must be a host name'],
    ['{ timeout: 0s }', '4: http.timeout: must be a whole number and s, m, h or d'],
    ['{ daily_scan: 5 }', '4: http.daily_scan: must be a whole number and MB, GB or TB'],
    ['{ questions_per_user: 0 }', '4: http.questions_per_user: must be a whole number from 1'],
    ['{ questions_per_hour: 0 }', '4: http.questions_per_hour: must be a whole number from 1'],
    ['{ max_answer: 5 }', '4: http.max_answer: must be a whole number and MB, GB or TB'],
    ['{ exports: "file:x" }', '4: http.exports: must be s3://BUCKET'],
    ['{ exports: "s3://audit-archive" }', '4: http.exports: is the archive itself'],
    ['{ cursor_key: hunter2 }', '4: http.cursor_key: a secret is never written here'],
  ])('refuses %s', (section, message) => {
    expect(() => parse(`${MINIMAL}http: ${section}\n`)).toThrow(`c.yml:${message}`);
  });
});
