import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BothSides, bothSides, CLIENT, DEVELOPER, EVENTS } from './both-sides.ts';

export const CACHE =
  process.env.CF_AUDIT_ARCHIVE_CACHE ?? join(homedir(), '.cache/cf-audit-archive');

/** A program around a client library: `<command> <api> <question>…`, who asks in the environment. */
export interface ClientProgram {
  readonly name: string;
  /** In the cache, where `.ci/install-conformance` leaves it. */
  readonly installed: string;
  readonly command: readonly [string, ...string[]];
  /** Sends `created_ats`. */
  readonly hasTimes: boolean;
  /** Sends `target_guids[not]`. */
  readonly hasExclusion: boolean;
  /** Goes to the next page by the link it was given, instead of counting for itself. */
  readonly followsLinks: boolean;
}

/** What a client printed, by question: a line for each event, or one that begins with `error`. */
type Printed = ReadonlyMap<string, readonly string[]>;

type Credentials = Readonly<Record<string, string>>;

const AS_CLIENT = { CF_CLIENT_ID: CLIENT.id, CF_CLIENT_SECRET: CLIENT.secret };
const AS_DEVELOPER = { CF_USERNAME: DEVELOPER.username, CF_PASSWORD: DEVELOPER.password };

const ALL = 'list';
const ONE = `show ${EVENTS[7]?.guid}`;
const QUESTIONS = [
  ALL,
  'list order_by=-created_at per_page=17',
  'list types=app.crash,audit.space.create per_page=7',
  'list target_guids=checkout-guid',
  'list space_guids=other-guid,space-guid organization_guids=organization-guid',
  'list types=audit.app.no-such',
  'list order_by=guid',
  'list per_page=5001',
  ONE,
  'show no-such-guid',
];
const TIMES = [
  'list created_ats[gte]=2026-03-08T12:00:00Z created_ats[lt]=2026-03-10T00:00:00Z',
  `list created_ats=2026-03-08T00:00:07Z,2026-03-08T00:25:07Z`,
];
const LOCAL_TIME = 'list created_ats[gt]=2026-03-08T12:00:00+01:00';
const EXCLUSION = 'list target_guids[not]=checkout-guid';

/** The same questions to the archive and to Cloud Foundry, by an unmodified client: it must print the same. */
export function describeClient(program: ClientProgram): void {
  const isThere = existsSync(program.installed) || process.env.CI === 'true';
  const suite = isThere ? describe : describe.skip;
  const absence = isThere ? '' : ' (skipped: .ci/install-conformance has not installed it)';

  suite(`${program.name}${absence}`, () => {
    let sides: BothSides;
    beforeAll(async () => {
      sides = await bothSides();
    }, 120_000);
    afterAll(() => sides?.close());

    const asks = async (api: string, who: Credentials, questions: readonly string[]) => {
      const [file, ...args] = program.command;
      const { stdout } = await promisify(execFile)(file, [...args, api, ...questions], {
        maxBuffer: 1 << 26,
        env: { ...process.env, ...who, TZ: 'Europe/Berlin' },
      });
      return printed(stdout.replaceAll(api, '<api>'), questions);
    };
    const asksBoth = async (who: Credentials, questions: readonly string[]) => ({
      theirs: await asks(sides.foundation, who, questions),
      ours: await asks(sides.archive, who, questions),
    });

    it('prints from the archive what it prints from Cloud Foundry', async () => {
      const questions = [...QUESTIONS, ...(program.hasTimes ? TIMES : [])];
      const { theirs, ours } = await asksBoth(AS_CLIENT, questions);

      expect(ours).toEqual(theirs);
      // What both say is what was asked for.
      expect(ours.get(ALL)).toHaveLength(EVENTS.length);
      expect(ours.get(ONE)?.join()).toContain(EVENTS[7]?.guid);
      expect(ours.get('list per_page=5001')?.join()).toMatch(/^error.*between 1 and 5000/);
      expect(ours.get('show no-such-guid')?.join()).toMatch(/^error.*Event not found/);
    }, 180_000);

    it('prints what a developer may see, and no more', async () => {
      const questions = [ALL, 'list space_guids=other-guid', ONE, `show ${EVENTS[3]?.guid}`];
      const { theirs, ours } = await asksBoth(AS_DEVELOPER, questions);

      expect(ours).toEqual(theirs);
      expect(ours.get(ALL)).toHaveLength(EVENTS.length / 2);
      expect(ours.get('list space_guids=other-guid')).toEqual([]);
    }, 180_000);

    it('tells of a forged token in the same words', async () => {
      const { theirs, ours } = await asksBoth({ CF_TOKEN: sides.forgedToken }, [ALL, ONE]);

      expect(ours).toEqual(theirs);
      expect(ours.get(ALL)?.join()).toMatch(/^error.*Invalid ?(Auth )?Token/);
    }, 180_000);

    if (program.hasTimes) {
      it('tells of a time in a local zone that it must be UTC', async () => {
        const { theirs, ours } = await asksBoth(AS_CLIENT, [LOCAL_TIME]);

        expect(ours).toEqual(theirs);
        expect(ours.get(LOCAL_TIME)?.join()).toMatch(/^error.*YYYY-MM-DDThh:mm:ssZ/);
      }, 180_000);
    }

    if (program.hasExclusion) {
      it('keeps an exclusion on every page', async () => {
        const { theirs, ours } = await asksBoth(AS_CLIENT, [EXCLUSION]);
        const kept = EVENTS.filter(({ actee }) => actee !== 'checkout-guid');

        expect(ours.get(EXCLUSION)).toHaveLength(kept.length);
        // Cloud Controller's own links lose `[not]`: whoever follows them gets other events from page 2 on.
        if (program.followsLinks) expect(theirs.get(EXCLUSION)).not.toEqual(ours.get(EXCLUSION));
        else expect(theirs).toEqual(ours);
      }, 180_000);
    }
  });
}

/** A program prints `# <question>` before what it has got. */
function printed(stdout: string, questions: readonly string[]): Printed {
  const answers = stdout.split(/^# .*\n/m).slice(1);
  expect(answers).toHaveLength(questions.length);
  return new Map(
    questions.map((question, at) => [
      question,
      (answers[at] ?? '').split('\n').filter((line) => line !== ''),
    ]),
  );
}
