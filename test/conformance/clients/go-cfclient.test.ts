import { join } from 'node:path';
import { CACHE, describeClient } from './support/client-suite.ts';

const program = join(CACHE, 'go-cfclient-3.0.0-alpha.20/list-events');

describeClient({
  name: 'go-cfclient',
  installed: program,
  command: [program],
  hasTimes: true,
  hasExclusion: true,
  followsLinks: false,
});
