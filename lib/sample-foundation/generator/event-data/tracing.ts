import { hexadecimal } from '../guids.ts';
import type { Scene } from '../scene.ts';

/** W3C trace context: the calls of one action share a trace, each is a span of its own. */
export const traceparent = (scene: Scene): string =>
  `00-${scene.fact('trace', (random) => hexadecimal(random, 32))}-${hexadecimal(scene.random, 16)}-01`;

/** What pipelines and controllers write on what they change; the commit makes each push different. */
export const pipelineMetadata = (scene: Scene): string =>
  `{"labels":{"team":${JSON.stringify(scene.organization.name)}},"annotations":{"git-commit":"${scene.commit()}","traceparent":"${traceparent(scene)}"}}`;

/** What a scheduler of batch jobs writes on its tasks. */
export const taskMetadata = (scene: Scene): string =>
  `{"annotations":{"run":"${scene.guid('run')}","traceparent":"${traceparent(scene)}"}}`;
