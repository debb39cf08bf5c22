import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { CloudFoundryCallers } from '../../lib/cloud-foundry/cloud-foundry-callers.ts';
import { dayOf, daysFrom } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import type { Visibility } from '../../lib/domain/visibility.ts';
import { DuckDBEngine } from '../../lib/engine/duckdb-engine.ts';
import { createApp } from '../../lib/http/app.ts';
import type { ArchiveNow } from '../../lib/http/ports.ts';
import { createTokenVerifier } from '../../lib/identity/verify-token.ts';
import { searchEvents } from '../../lib/query/search-events.ts';
import type { EventRecord } from '../../lib/sample-foundation/records.ts';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';
import { createVisibility } from '../../lib/visibility/visibility-of.ts';
import { anEventQuery } from '../support/event-queries.ts';
import { anEventRow } from '../support/event-rows.ts';
import { API, answerOf, aSite, OPTIONS } from '../support/http/http-rig.ts';
import { writeRowParts } from '../support/row-parts.ts';
import {
  aClientOf,
  type CloudControllerClient,
} from '../support/sample-foundation/cloud-controller-client.ts';
import { theRecords } from '../support/sample-foundation/records.ts';
import { type RoleGraph, roleGraphs } from './role-graph.ts';

/** How many; 10,000 with `npm run test:visibility`. */
const GRAPHS = Number(process.env.ROLE_GRAPHS ?? 300);
const TOGETHER = 250;
const SEED = 20260306;
/** Of so many graphs one is asked over HTTP, too. */
const OVER_HTTP = 10;
const NOW = new Date('2026-03-31T00:00:00Z');
const BEGIN = dayOf(new Date('2026-03-01T00:00:00Z'));
const EU_1 = foundationNameSchema.parse('eu-1');

const rowOf = ({ guid, created_at, space_guid, organization_guid, actee }: EventRecord) =>
  anEventRow({
    guid,
    target_guid: actee,
    target_type: 'app',
    created_at: new Date(created_at / 1000),
    space_guid: space_guid || null,
    organization_guid: organization_guid || null,
  });

/** The archive of a foundation, as somebody with a token sees it. */
async function openArchive(foundation: SampleFoundation, graphs: readonly RoleGraph[]) {
  const directory = await mkdtemp(join(tmpdir(), 'role-graphs-'));
  await writeRowParts(
    directory,
    EU_1,
    graphs.flatMap(({ records }) => records.events.map(rowOf)),
  );
  const engine = await DuckDBEngine.open({
    workDirectory: directory,
    localPart: async ({ key }) => join(directory, key),
  });
  const callers = new CloudFoundryCallers({
    api: foundation.apiUrl,
    clientId: ARCHIVER_CLIENT.id,
    clientSecret: async () => ARCHIVER_CLIENT.secret,
    concurrency: 2,
    userAgent: 'test',
  });
  const verify = createTokenVerifier({ provider: callers });
  const visibilityOf = createVisibility({ roles: callers.roles });
  const archive = {
    store: new FolderObjectStore(directory),
    engine,
    coverage: async (name, first = BEGIN, last) =>
      daysFrom(first, last).map((dt) => ({ foundation: name, dt, state: 'closed' })),
    cursorKey: async () => new Uint8Array(32),
    maxScanBytes: undefined,
  } satisfies ArchiveNow;
  const unasked = async (): Promise<never> => {
    throw new Error('nobody asks for this');
  };
  const app = createApp(
    {
      sites: [aSite({ name: EU_1, identify: verify, visibility: visibilityOf })],
      now: () => NOW,
      archive: () => archive,
      log: async () => undefined,
      queries: unasked,
      writeFile: unasked,
      onFault: (error) => {
        throw error;
      },
    },
    OPTIONS,
  );
  return {
    async get(token: string, path: string) {
      const headers = { authorization: `bearer ${token}` };
      return answerOf(await app.request(new Request(`${API}${path}`, { headers })));
    },
    async ask(token: string): Promise<{ guids: string[]; visibility: Visibility }> {
      const visibility = await visibilityOf(await verify(`bearer ${token}`));
      const { events } = await searchEvents(
        {
          ...archive,
          today: dayOf(NOW),
          visibility,
        },
        anEventQuery({ limit: 5000, columns: ['guid'] }),
      );
      return { guids: events.map(({ guid }) => guid), visibility };
    },
    async close(): Promise<void> {
      await callers.close();
      engine.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Seen {
  some: number;
  nothing: number;
  all: number;
  events: number;
  overHttp: number;
  hidden: number;
}

it(
  'shows whoever asks exactly the events that Cloud Controller shows',
  async () => {
    const seen = { some: 0, nothing: 0, all: 0, events: 0, overHttp: 0, hidden: 0 };
    for (let from = 0; from < GRAPHS; from += TOGETHER) {
      await compare(roleGraphs(Math.min(TOGETHER, GRAPHS - from), SEED + from), seen);
    }

    process.stdout.write(
      `${GRAPHS} role graphs: ${seen.some} see some events, ${seen.nothing} none, ${seen.all} all; ${seen.events} events shown, as Cloud Controller shows them; ${seen.overHttp} of them over HTTP, ${seen.hidden} events hidden there\n`,
    );
    expect(seen.some).toBeGreaterThan(GRAPHS / 3);
    expect(seen.nothing).toBeGreaterThan(GRAPHS / 10);
    expect(seen.all).toBeGreaterThan(GRAPHS / 100);
    expect(seen.hidden).toBeGreaterThan(GRAPHS / OVER_HTTP);
  },
  60_000 + GRAPHS * 200,
);

/** Ask both with the token of each graph, all graphs in one foundation. */
async function compare(graphs: readonly RoleGraph[], seen: Seen): Promise<void> {
  const records = graphs.map((graph) => graph.records);
  await using foundation = await startSampleFoundation({
    now: NOW,
    records: theRecords({
      organizations: records.flatMap((each) => each.organizations),
      spaces: records.flatMap((each) => each.spaces),
      users: records.flatMap((each) => each.users),
      roles: records.flatMap((each) => each.roles),
      events: records.flatMap((each) => each.events),
    }),
  });
  const archive = await openArchive(foundation, graphs);
  try {
    for (const [index, { records, token }] of graphs.entries()) {
      const text = await foundation.uaa.token(token);
      const { guids, visibility } = await archive.ask(text);
      const asked = await aClientOf(foundation, token);
      const path = '/v3/audit_events?order_by=-created_at&per_page=5000';
      const expected = await asked.guids(path);

      if (guids.join() !== expected.join()) {
        expect({ records, token, guids }).toEqual({ records, token, guids: expected });
      }
      if (index % OVER_HTTP === 0) {
        await compareOverHttp({ archive, records, text, asked, expected, seen });
      }
      seen.events += guids.length;
      seen[visibility.kind === 'all' ? 'all' : guids.length > 0 ? 'some' : 'nothing'] += 1;
    }
  } finally {
    await archive.close();
  }
}

/** Counts, pages and single events of one graph: as Cloud Controller has them, and what is hidden is nowhere. */
async function compareOverHttp({
  archive,
  records,
  text,
  asked,
  expected,
  seen,
}: {
  readonly archive: Awaited<ReturnType<typeof openArchive>>;
  readonly records: RoleGraph['records'];
  readonly text: string;
  readonly asked: CloudControllerClient;
  /** GUIDs of all events that Cloud Controller shows, newest first. */
  readonly expected: readonly string[];
  readonly seen: Seen;
}): Promise<void> {
  for (const page of [1, 2]) {
    const path = `/v3/audit_events?order_by=-created_at&per_page=2&page=${page}`;
    const ours = await archive.get(text, path);
    const theirs = await asked.get(path);
    const { pagination } = JSON.parse(theirs.text);

    expect([ours.status, ours.body.pagination.total_results]).toEqual([
      theirs.status,
      pagination.total_results,
    ]);
    expect(guidsOf(ours.body)).toEqual(guidsOf(JSON.parse(theirs.text)));
  }
  const shown = new Set(expected);
  for (const { guid } of records.events.slice(0, 4)) {
    const path = `/v3/audit_events/${guid}`;
    const status = shown.has(guid) ? 200 : 404;

    expect([(await archive.get(text, path)).status, (await asked.get(path)).status]).toEqual([
      status,
      status,
    ]);
    seen.hidden += status === 404 ? 1 : 0;
  }
  // Cloud Controller has no deleted apps: what may be named follows from what may be seen.
  const apps = records.events.filter(({ guid }) => shown.has(guid)).map(({ actee }) => actee);
  const named = guidsOf((await archive.get(text, '/v3/apps?per_page=5000')).body);
  const isAll = expected.length > records.events.length;
  if (!isAll) expect(named.sort()).toEqual([...new Set(apps)].sort());
  seen.overHttp += 1;
}

const guidsOf = ({ resources }: { resources: readonly { guid: string }[] }): string[] =>
  resources.map(({ guid }) => guid);
