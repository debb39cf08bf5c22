import { describe, expect, it } from '@jest/globals';
import { nearestName } from '../../lib/config/nearest-name.ts';

const KNOWN = ['name', 'api', 'client_id', 'client_secret', 'retention_days', 'settle'];

describe('nearestName', () => {
  it.each([
    ['clientSecret', 'client_secret'],
    ['client-id', 'client_id'],
    ['NAME', 'name'],
    ['retention', undefined],
    ['retention_day', 'retention_days'],
    ['setle', 'settle'],
    ['seltte', 'settle'],
    ['apis', 'api'],
    ['url', undefined],
    ['password', undefined],
    ['', undefined],
  ])('answers %j with %j', (written, meant) => {
    expect(nearestName(written, KNOWN)).toBe(meant);
  });
});
