import { archiveFoundation, type FoundationResult } from '../../lib/archive/archive-foundation.ts';
import type { FoundationContext } from '../../lib/archive/foundation-context.ts';
import type { FindingKind } from '../../lib/digest/finding.ts';
import { signDigest } from '../../lib/digest/sign-digest.ts';
import { closedDays } from '../../lib/domain/archive-policy.ts';
import { DAY_MS, type Day, dayOf } from '../../lib/domain/day.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { digestKey } from '../../lib/domain/object-keys.ts';
import { ArchiveLedger } from './archive-ledger.ts';
import { type Archiver, Host } from './archiver.ts';
import { type Break, sourceOf } from './breaks.ts';
import { aFixedSigner } from './fixed-signer.ts';
import { LossJudge } from './loss-judge.ts';
import { MemoryArchive, SimulatedStore } from './memory-archive.ts';
import { MemoryParts } from './memory-parts.ts';
import { Prng } from './prng.ts';
import { RunJudge } from './run-judge.ts';
import { Scheduler } from './scheduler.ts';
import { calmRun, type RunPlan, type Session, type Story, tellStory } from './story.ts';
import { Tally } from './tally.ts';
import { verifySimulated } from './verify-simulated.ts';
import { must, Violation } from './violation.ts';
import { World } from './world.ts';

const FOUNDATION = foundationNameSchema.parse('eu-1');
const TOOL = 'simulation/1';
const SIGNER = aFixedSigner();

/** Findings that a crash, or a run at work, leaves until the next run has put it right. */
const UNFINISHED: ReadonlySet<FindingKind> = new Set(['extra', 'unsigned', 'gap', 'signed_late']);

export interface SeedOptions {
  readonly broken?: Break | undefined;
  readonly trace?: ((line: string) => void) | undefined;
}

/** What came of one seed. */
export interface SeedOutcome {
  readonly seed: number;
  readonly tally: Tally;
  /** Undefined: every invariant held. */
  readonly violation: string | undefined;
}

/** Live through the story of one seed and judge it; the same seed always gives the same outcome. */
export async function simulateSeed(seed: number, options: SeedOptions = {}): Promise<SeedOutcome> {
  const simulation = new Simulation(seed, options);
  try {
    await simulation.live();
    return { seed, tally: simulation.tally, violation: undefined };
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { seed, tally: simulation.tally, violation: error.message };
  }
}

/** What is asked of one run of the archive. */
interface RunTask {
  readonly looks?: boolean;
  readonly day?: Day;
}

const DISTURBED = { calm: false } as const;

class Simulation {
  readonly tally = new Tally();
  readonly #options: SeedOptions;
  readonly #story: Story;
  readonly #world: World;
  readonly #prng: Prng;
  readonly #scheduler: Scheduler;
  readonly #archive: MemoryArchive;
  readonly #ledger: ArchiveLedger;
  readonly #judge: RunJudge;
  readonly #losses: LossJudge;
  readonly #hosts = [new Host(), new Host()] as const;
  readonly #starts = new Set<number>();
  /** Decides about queues, so that a seed without one lives the life that it would live if there were none. */
  readonly #queueing: Prng;
  /** Whether some runs of this seed only look, and queue the days that are to be read. */
  readonly #queues: boolean;
  /** Days that a run named, waiting for one that reads them. */
  #queue: Day[] = [];
  #runs = 0;

  constructor(seed: number, options: SeedOptions) {
    this.#options = options;
    const story = tellStory(seed);
    this.#story = story;
    this.#prng = new Prng(seed, 2);
    this.#queueing = new Prng(seed, 3);
    this.#queues = this.#queueing.chance(0.5);
    this.#world = new World({ ...story, prng: this.#prng });
    this.#scheduler = new Scheduler(this.#prng, (process, what) =>
      this.#onTurn(process as Archiver, what),
    );
    this.#archive = new MemoryArchive(options.broken === 'overwrite');
    this.#ledger = new ArchiveLedger(story.history, this.#archive);
    this.#judge = new RunJudge(story.history, this.#ledger, story.policy);
    this.#losses = new LossJudge(story.history, this.#ledger);
  }

  async live(): Promise<void> {
    for (const [index, session] of this.#story.sessions.entries()) {
      this.#world.advanceTo(session.at);
      this.#world.quiet = session.calm;
      await this.#session(session);
      this.#ledger.checkUnchanged();
      // Now and then: it reads everything that is stored.
      if (session.digest && index % 4 === 0) await this.#verifyOnTheWay();
    }
    await this.#verify();
  }

  /** The product's own verification finds nothing, and tells of exactly the days of which losses were reported. */
  async #verify(): Promise<void> {
    const now = new Date(this.#world.now);
    const { findings, remarks } = await verifySimulated(this.#archive, SIGNER, now);
    must(findings.length === 0, 'verify', () =>
      findings.map(({ kind, object, meaning }) => `${kind} ${object}: ${meaning}`).join('; '),
    );
    const told = remarks.flatMap(({ kind, day }) => (kind === 'lost' && day ? [day] : []));
    const reported = [...this.#losses.daysReported()].sort();
    must(
      told.sort().join() === reported.join(),
      'verify',
      () => `tells of losses of ${told.join(', ')}; reported were ${reported.join(', ')}`,
    );
    this.tally.add('parts adopted by a later manifest', this.#ledger.adoptedLater);
    this.tally.add('verified objects', this.#archive.objects.size);
  }

  /** What runs died of, and what they have not done yet, verification may name; it accuses nobody of having touched anything. */
  async #verifyOnTheWay(): Promise<void> {
    const now = new Date(this.#world.now);
    const { findings } = await verifySimulated(this.#archive, SIGNER, now);
    const accusations = findings.filter(({ kind }) => !UNFINISHED.has(kind));
    must(accusations.length === 0, 'verify on the way', () =>
      accusations.map(({ kind, object, meaning }) => `${kind} ${object}: ${meaning}`).join('; '),
    );
  }

  async #session(session: Session): Promise<void> {
    const processes = new Map<Archiver, () => Promise<void>>();
    if (this.#queues && session.calm && session.runs.some(({ kind }) => kind === 'archive')) {
      await this.#queueCalmly(session);
    }
    for (const plan of session.runs) {
      const archiver = this.#newArchiver(plan);
      const looks = this.#queues && !session.calm && this.#queueing.chance(0.6);
      processes.set(
        archiver,
        plan.kind === 'digest'
          ? () => this.#digestRun(archiver)
          : () => this.#archiveRun(archiver, plan, session, { looks }),
      );
    }
    await this.#scheduler.run(processes, (process) => this.#onKilled(process as Archiver));
    if (!session.calm) await this.#takeMessages(session.runs);
    const today = dayOf(new Date(this.#world.now));
    if (!session.digest || this.#archive.objects.has(digestKey(FOUNDATION, today))) return;
    const calm = { at: this.#world.now, runs: [calmRun('digest')], calm: true, digest: false };
    await this.#session(calm);
  }

  /** What is queued is read in some order: some of it twice, some of it later or never, and now and then beside a run that looks. */
  async #takeMessages(plans: readonly RunPlan[]): Promise<void> {
    const prng = this.#queueing;
    const plan = plans.find(({ kind }) => kind === 'archive');
    if (plan === undefined) return;
    for (let left = this.#queue.length; left > 0; left -= 1) {
      const index = prng.chance(0.3) ? prng.between(0, this.#queue.length - 1) : 0;
      const day = this.#queue[index];
      if (day === undefined || prng.chance(0.15)) return;
      if (!prng.chance(0.2)) this.#queue.splice(index, 1);
      const alone = { ...plan, dayBefore: undefined };
      const reader = this.#newArchiver(alone);
      const runs = new Map([[reader, () => this.#archiveRun(reader, alone, DISTURBED, { day })]]);
      if (prng.chance(0.15)) {
        const timer = this.#newArchiver(plan);
        runs.set(timer, () => this.#archiveRun(timer, plan, DISTURBED, { looks: true }));
      }
      this.tally.add('messages');
      await this.#scheduler.run(runs, (process) => this.#onKilled(process as Archiver));
    }
  }

  /** Undisturbed, a run that looks and one for each day that it names store every day. */
  async #queueCalmly({ runs }: Session): Promise<void> {
    const go = async (what: RunTask): Promise<void> => {
      for (const plan of runs) {
        const archiver = this.#newArchiver(plan);
        const main = new Map([[archiver, () => this.#archiveRun(archiver, plan, DISTURBED, what)]]);
        await this.#scheduler.run(main, (process) => this.#onKilled(process as Archiver));
      }
    };
    this.#queue = [];
    await go({ looks: true });
    const named = this.#queue;
    this.#queue = [];
    for (const day of named) await go({ day });
    const left = named.filter((day) => this.#ledger.manifestsOf(day).length === 0);
    must(left.length === 0, 'liveness', () => `undisturbed runs left ${left.join(', ')}`);
  }

  async #digestRun(archiver: Archiver): Promise<void> {
    this.tally.add('digest runs');
    this.#trace(`${archiver.name} begins a digest`);
    try {
      const { kind, repaired } = await signDigest(
        {
          store: this.#storeOf(archiver),
          signer: SIGNER,
          now: () => new Date(this.#world.now),
          tool: TOOL,
        },
        FOUNDATION,
      );
      this.#trace(`${archiver.name} ends: ${kind}`);
      this.tally.add(`digests ${kind}`);
      if (repaired) this.tally.add('digests repaired');
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#trace(`${archiver.name} ends: ${error.code} ${error.message}`);
      this.tally.add('digest runs refused');
      const trouble = error.code.startsWith('STORE_') && archiver.faultRate > 0;
      must(trouble, 'liveness', () => `a digest ended with ${error.message}`);
    }
  }

  #storeOf(archiver: Archiver): SimulatedStore {
    return new SimulatedStore({
      archive: this.#archive,
      world: this.#world,
      scheduler: this.#scheduler,
      archiver,
      prng: this.#prng,
      onCreate: (key, result) => this.#onCreate(archiver, key, result),
    });
  }

  #newArchiver(plan: RunPlan): Archiver {
    this.#runs += 1;
    return {
      name: `run ${this.#runs}`,
      state: 'running',
      host: this.#hosts[plan.host],
      turnsToLive: plan.turnsToLive,
      turns: 0,
      clockOffset: plan.clockOffset,
      clockStep: plan.clockStep,
      deadline: this.#world.now + (plan.timeMs ?? Infinity),
      faultRate: plan.faultRate,
      maxStepMs: plan.maxStepMs,
      seen: new Map(),
      begun: this.#world.now,
      heldBefore: this.#ledger.held(),
      diesAfterWrites: plan.diesAfterWrites,
      writes: 0,
      reportRead: undefined,
    };
  }

  async #archiveRun(
    archiver: Archiver,
    plan: RunPlan,
    session: Pick<Session, 'calm'>,
    task: RunTask,
  ): Promise<void> {
    const { policy } = this.#story;
    const startedAt = this.#startOf(archiver);
    let clock: Date | undefined = startedAt;
    const context: FoundationContext = {
      source: sourceOf(this.#options.broken, {
        world: this.#world,
        scheduler: this.#scheduler,
        archiver,
        prng: this.#prng,
        pageSize: this.#story.pageSize,
        ledger: this.#ledger,
      }),
      store: this.#storeOf(archiver),
      parts: task.looks
        ? undefined
        : new MemoryParts({
            scheduler: this.#scheduler,
            archiver,
            onResumed: () => this.tally.add('resumed days'),
          }),
      now: () => {
        const now = clock ?? new Date(this.#world.now + archiver.clockOffset);
        clock = undefined;
        return now;
      },
      concurrency: this.#story.concurrency,
      tool: TOOL,
      worthKeepingMs: plan.keepsReading ? -1 : Infinity,
    };
    const day =
      plan.dayBefore === undefined
        ? task.day
        : dayOf(new Date(startedAt.getTime() - plan.dayBefore * DAY_MS));
    this.tally.add('runs');
    this.#trace(`${archiver.name} begins, its clock says ${startedAt.toISOString()}`);
    let result: FoundationResult;
    try {
      result = await archiveFoundation(context, { foundation: FOUNDATION, policy, day });
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#trace(`${archiver.name} ends: ${error.code} ${error.message}`);
      this.tally.add('runs refused');
      must(!session.calm, 'liveness', () => `an undisturbed run ended with ${error.message}`);
      return;
    }
    this.#trace(
      `${archiver.name} ends: ${result.days.map((each) => `${each.day} ${each.kind}`).join(', ')}`,
    );
    this.#count(result);
    this.#queue.push(...result.due);
    this.#judge.judge({ archiver, result, startedAt });
    if (session.calm) this.#judgeCalm(result, startedAt);
  }

  /** A run that nothing disturbs completes every closed day. */
  #judgeCalm(result: FoundationResult, startedAt: Date): void {
    const { policy } = this.#story;
    const kept = new Date(startedAt.getTime() - policy.retentionDays * DAY_MS);
    const done = new Set(
      result.days.flatMap(({ day, kind }) =>
        kind === 'failed' || kind === 'postponed' ? [] : [day],
      ),
    );
    for (const day of closedDays(kept, startedAt, policy)) {
      must(done.has(day), 'liveness', () => {
        const found = result.days.find((each) => each.day === day);
        return `an undisturbed run left ${day}: ${JSON.stringify(found)}`;
      });
    }
  }

  #count(result: FoundationResult): void {
    for (const day of result.days) {
      if (day.kind === 'failed') this.tally.add('days failed');
      if (day.kind === 'postponed') this.tally.add(day.due ? 'days queued' : 'days postponed');
      if (day.kind !== 'archived') continue;
      this.tally.add('days archived');
      if (day.status === 'supplement') this.tally.add('supplements');
      this.tally.add('adoptions', day.adopted.length);
    }
    this.tally.add('losses', result.losses.length);
  }

  /** No two runs begin at the same instant of a clock: their reports would be told apart by nothing but a random name. */
  #startOf(archiver: Archiver): Date {
    let start = this.#world.now + archiver.clockOffset;
    while (this.#starts.has(start)) start += 1;
    this.#starts.add(start);
    return new Date(start);
  }

  #onTurn(archiver: Archiver, what: string): void {
    this.#world.step(archiver.maxStepMs);
    archiver.turns += 1;
    if (archiver.clockStep?.afterTurns === archiver.turns) {
      archiver.clockOffset += archiver.clockStep.ms;
      this.tally.add('clock steps');
    }
    this.#trace(`${archiver.name}: ${what}`);
  }

  #onKilled(archiver: Archiver): void {
    archiver.host.release(archiver);
    if (this.#prng.chance(0.2)) archiver.host.wipe();
    this.tally.add('kills');
    this.#trace(`${archiver.name} is killed`);
  }

  #onCreate(archiver: Archiver, key: string, result: 'created' | 'exists'): void {
    this.#trace(`${archiver.name}: ${result} ${key}`);
    this.tally.add(result === 'exists' ? 'conflicts' : 'objects');
    this.#ledger.onCreate(key, result, this.#world.now, archiver.begun);
    const bytes = this.#archive.objects.get(key)?.bytes;
    if (bytes && key.startsWith('runs/')) {
      this.#losses.onReport(archiver, key, bytes, this.#world.now);
    }
  }

  #trace(line: string): void {
    this.#options.trace?.(`${new Date(this.#world.now).toISOString()} ${line}`);
  }
}
