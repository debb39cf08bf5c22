import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CloudFoundryFoundation } from '../../lib/cloud-foundry/cloud-foundry-foundation.ts';
import type { EventRow } from '../../lib/domain/columns.ts';
import { eventJson, rawEventText } from '../../lib/domain/event-json.ts';
import { plusMs } from '../../lib/domain/instant.ts';
import { splitWindow, type Window } from '../../lib/domain/window.ts';
import { anEventOfType } from '../../lib/sample-foundation/generator/an-event-of-type.ts';
import { eventTypes } from '../../lib/sample-foundation/generator/event-types.ts';
import { oddEvents } from '../../lib/sample-foundation/generator/odd-events.ts';
import { Random } from '../../lib/sample-foundation/generator/random.ts';
import type { EventRecord } from '../../lib/sample-foundation/records.ts';
import {
  ARCHIVER_CLIENT,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { type ExactJson, meaningOf } from '../support/json/exact-json.ts';
import { aStageRig, DAY, type StageRig } from '../support/parquet/stage-rig.ts';
import { micros, theRecords } from '../support/sample-foundation/records.ts';

const NOON = new Date('2026-03-01T12:00:00Z');

let rig: StageRig;

beforeEach(async () => {
  rig = await aStageRig();
});

afterEach(() => rig.close());

/** The bodies of the windows' pages, as a Cloud Controller with these events sends them. */
async function bodiesOf(
  events: readonly EventRecord[],
  windows: readonly Window[],
): Promise<Buffer[]> {
  const sample = await startSampleFoundation({
    now: new Date('2026-03-03T00:00:00Z'),
    records: theRecords({ events }),
  });
  const source = new CloudFoundryFoundation({
    api: sample.apiUrl,
    clientId: ARCHIVER_CLIENT.id,
    clientSecret: async () => ARCHIVER_CLIENT.secret,
    concurrency: 1,
    userAgent: 'test',
  });
  const bodies: Buffer[] = [];
  for (const window of windows) {
    const file = join(rig.directory, 'body.json');
    await source.spoolPage({ window, page: 1 }, file);
    bodies.push(await readFile(file));
  }
  await source.close();
  await sample.close();
  return bodies;
}

const membersOf = (value: ExactJson | undefined): readonly (readonly [string, ExactJson])[] =>
  value !== null && typeof value === 'object' && 'members' in value ? value.members : [];

const memberOf = (value: ExactJson, name: string): ExactJson | undefined =>
  membersOf(value).find(([key]) => key === name)?.[1];

/** What was sent by GUID, without the links, which are never stored. */
function sentByGuid(bodies: readonly Buffer[]): Map<ExactJson | undefined, ExactJson> {
  const events = bodies.flatMap(
    (body) => memberOf(meaningOf(body.toString('utf8')), 'resources') as ExactJson[],
  );
  return new Map(
    events.map((event) => [
      memberOf(event, 'guid'),
      { members: membersOf(event).filter(([key]) => key !== 'links') },
    ]),
  );
}

const rebuiltByGuid = (rows: readonly EventRow[]): Map<ExactJson | undefined, ExactJson> =>
  new Map(rows.map((row) => [row.guid, meaningOf(eventJson(row))]));

describe('a part', () => {
  it('gives back every type of event as it was sent', async () => {
    const random = new Random('round trip');
    const events = eventTypes.flatMap(({ type }, index) =>
      (['complete', 'usual'] as const).map((keys) =>
        anEventOfType(type, random, {
          at: micros('2026-03-01T08:00:00Z') + index * 7_000_000,
          keys,
        }),
      ),
    );
    const bodies = await bodiesOf(events, [DAY]);

    await rig.addPage(bodies[0] ?? '');
    const rows = await rig.storedRows();

    expect(new Set(rows.map(({ type }) => type)).size).toBe(149);
    expect(rebuiltByGuid(rows)).toEqual(sentByGuid(bodies));
    expect(rows.filter((row) => rawEventText(row) !== undefined)).toEqual([]);
  });

  it.each([
    ['all on one page', [DAY]],
    ['each second on its own', splitWindow({ from: NOON, to: plusMs(NOON, 60_000) }, 60)],
  ])('gives back hostile but valid events as they were sent, %s', async (_, windows) => {
    const events = oddEvents({ seed: 1, at: NOON });
    const bodies = await bodiesOf(events, windows);

    for (const [index, body] of bodies.entries()) await rig.addPage(body, windows[index]);
    const part = await rig.writePart();
    const rows = await rig.storedRows();

    expect(rows).toHaveLength(events.length);
    expect(Object.entries(part?.eventsByType ?? {})).toContainEqual(['__proto__', 1]);
    expect(rebuiltByGuid(rows)).toEqual(sentByGuid(bodies));
  });
});
