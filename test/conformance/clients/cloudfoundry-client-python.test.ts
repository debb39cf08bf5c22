import { join } from 'node:path';
import { CACHE, describeClient } from './support/client-suite.ts';

const home = join(CACHE, 'cloudfoundry-client-1.40.4');

describeClient({
  name: 'cloudfoundry-client for Python',
  installed: join(home, 'complete'),
  command: [join(home, 'bin/python'), join(import.meta.dirname, 'python/list_events.py')],
  hasTimes: true,
  hasExclusion: true,
  followsLinks: true,
});
