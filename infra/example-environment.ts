/** The environment of a function as its stack would set it, for loading a bundle without an account. */
export const EXAMPLE_ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  ARCHIVE_DAY_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/archive-day.fifo',
  CF_AUDIT_ARCHIVE_CONFIGURATION: JSON.stringify({
    archive: 's3://example-audit-archive',
    foundations: [
      {
        name: 'eu-1',
        api: 'https://api.eu-1.example.org',
        client_id: 'audit-archive',
        client_secret: { env: 'EU1_CLIENT_SECRET' },
      },
    ],
    signing: {
      kms: 'arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000',
    },
    engine: { athena: { workgroup: 'audit', database: 'audit', table: 'events' } },
    http: { identity: 'uaa', cursor_key: { env: 'CURSOR_KEY' } },
  }),
} as const;
