import type { Site } from '../ports.ts';
import { FOUNDATION_PREFIX, originAt } from '../sites.ts';
import { operationJson } from './operation-json.ts';
import { DROP_IN_OPERATIONS, type Operation, OWN_OPERATIONS } from './operations.ts';
import type { Json } from './schema-json.ts';

/** Every path and where it is served: a drop-in at the root for the only foundation or at a host of its own, and of several each below its name. */
export function pathsJson(
  origin: string,
  sites: readonly Pick<Site, 'name' | 'host'>[],
): Readonly<Record<string, Json>> {
  const own = items('', described(OWN_OPERATIONS));
  const dropIn = described(DROP_IN_OPERATIONS);
  if (sites.length === 1) return { ...own, ...items('', dropIn) };
  const servers = sites.flatMap(({ host }) =>
    host === undefined ? [] : [{ url: originAt(origin, host) }],
  );
  const names = sites.map(({ name }) => name);
  const foundation = {
    name: 'foundation',
    in: 'path',
    required: true,
    description: 'Whose events',
    schema: { type: 'string', enum: names },
  };
  return {
    ...own,
    ...(servers.length > 0 ? items('', dropIn, { servers }) : {}),
    ...items(`${FOUNDATION_PREFIX}/{foundation}`, dropIn, { parameters: [foundation] }),
  };
}

type Described = readonly (readonly [path: string, get: Json])[];

const described = (operations: readonly Operation[]): Described =>
  operations.map((each) => [each.path, operationJson(each)]);

/** @param common - what holds for all of them */
const items = (
  prefix: string,
  operations: Described,
  common: Json = {},
): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    operations.map(([path, get]) => [
      `${prefix}${path}`.replace(/(?<=.)\/$/, ''),
      { ...common, get },
    ]),
  );
