import { join } from 'node:path';
import { CACHE, describeClient } from './support/client-suite.ts';

const home = join(CACHE, 'cloudfoundry-client-reactor-5.15.0');

describeClient({
  name: 'cloudfoundry-client-reactor for Java',
  installed: join(home, 'classes/ListEvents.class'),
  command: [
    'java',
    ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
    ...['-cp', `${home}/classes:${home}/lib/*`, 'ListEvents'],
  ],
  hasTimes: false,
  hasExclusion: false,
  followsLinks: false,
});
