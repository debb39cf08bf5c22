import type { Day } from '../../lib/domain/day.ts';
import { windowOf } from '../../lib/domain/day.ts';
import { type Manifest, manifestSchema } from '../../lib/domain/manifest.ts';
import { parseRevisionKey, partKey } from '../../lib/domain/object-keys.ts';
import type { HeldDay } from './archiver.ts';
import { type FoundationHistory, secondOf } from './foundation-history.ts';
import type { MemoryArchive } from './memory-archive.ts';
import { describePartBytes, guidSetOf, partRows } from './part-bytes.ts';
import { must } from './violation.ts';

/**
 * Keeps books of every write to an archive, and checks each at the moment it is done, with nothing but the history of the foundation to judge by.
 *
 * Nothing invented: each stored row is an event of the history, of the day it is stored in, visible before it was stored, with the same content.
 * Nothing twice: no GUID is in two parts. Nothing changed: an object has for ever the bytes it had first.
 * Nothing miscounted: a manifest counts its part and, together, all parts up to its own.
 */
export class ArchiveLedger {
  readonly #history: FoundationHistory;
  readonly #archive: MemoryArchive;
  readonly #first = new Map<string, Uint8Array>();
  readonly #stored = new Map<Day, Map<string, string>>();
  /** Parts that not the manifest of their number names, but a later one. */
  adoptedLater = 0;
  readonly #partStoredAt = new Map<string, number>();
  readonly #manifests = new Map<Day, Manifest[]>();

  constructor(history: FoundationHistory, archive: MemoryArchive) {
    this.#history = history;
    this.#archive = archive;
  }

  /** GUIDs that the parts of a day hold, each with the key of its part. */
  storedOf(day: Day): ReadonlyMap<string, string> {
    return this.#stored.get(day) ?? new Map();
  }

  /** GUIDs of a day that were stored by an instant, in true time. */
  storedBy(day: Day, at: number): ReadonlySet<string> {
    const stored = [...this.storedOf(day)];
    const inTime = stored.filter(([, part]) => (this.#partStoredAt.get(part) ?? 0) <= at);
    return new Set(inTime.map(([guid]) => guid));
  }

  /** Manifests of a day in the order in which they were written. */
  manifestsOf(day: Day): readonly Manifest[] {
    return this.#manifests.get(day) ?? [];
  }

  /** How much of each day is stored now. */
  held(): ReadonlyMap<Day, HeldDay> {
    const days = new Set([...this.#stored.keys(), ...this.#manifests.keys()]);
    return new Map(
      [...days].map((day) => [
        day,
        { events: this.storedOf(day).size, manifests: this.manifestsOf(day).length },
      ]),
    );
  }

  /**
   * @param at - true time
   * @param begun - true time at which the run began that writes
   */
  onCreate(key: string, result: 'created' | 'exists', at: number, begun: number): void {
    const held = this.#archive.objects.get(key);
    const known = this.#first.get(key);
    if (held === undefined) return;
    if (known) {
      const same = Buffer.from(known).equals(held.bytes);
      must(same, 'overwritten', () => `${key} has other bytes than it had first`);
      must(result === 'exists', 'overwritten', () => `${key} was stored a second time`);
      return;
    }
    this.#first.set(key, held.bytes);
    const revision = parseRevisionKey(key);
    if (revision?.kind === 'part') this.#onPart(key, revision.day, held.bytes, at);
    if (revision?.kind === 'manifest') this.#onManifest(key, revision.day, held.bytes, begun);
  }

  /** Every object is there, with the bytes it had first. */
  checkUnchanged(): void {
    must(
      this.#archive.objects.size === this.#first.size,
      'vanished',
      () => `${this.#first.size} objects were stored, ${this.#archive.objects.size} are there`,
    );
    for (const [key, bytes] of this.#first) {
      must(
        this.#archive.objects.get(key)?.bytes === bytes,
        'overwritten',
        () => `${key} is not the object that was stored`,
      );
    }
  }

  #onPart(key: string, day: Day, bytes: Uint8Array, at: number): void {
    const stored = this.#stored.get(day) ?? new Map<string, string>();
    this.#partStoredAt.set(key, at);
    this.#stored.set(day, stored);
    for (const row of partRows(bytes)) {
      const event = this.#history.find(row.guid);
      must(
        event !== undefined &&
          event.committedAt <= at &&
          event.type === row.type &&
          event.data === row.data &&
          secondOf(event) * 1000 === row.created_at,
        'invented',
        () => `${key} holds ${row.guid}, which the source never showed so`,
      );
      must(event?.day === day, 'misplaced', () => `${key} holds ${row.guid} of ${event?.day}`);
      must(
        !stored.has(row.guid),
        'duplicate',
        () => `${row.guid} is in ${stored.get(row.guid)} and in ${key}`,
      );
      stored.set(row.guid, key);
    }
  }

  #onManifest(key: string, day: Day, bytes: Uint8Array, begun: number): void {
    const manifest = manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    const { revision, part, cumulative } = manifest;
    const manifests = this.#manifests.get(day) ?? [];
    this.#manifests.set(day, [...manifests, manifest]);
    const wrong = (what: string) => () => `${key}: ${what}`;
    must(
      manifests.length === revision,
      'manifest',
      wrong(`revision ${revision} after ${manifests.length} others`),
    );
    const ownPart = partKey(manifest.foundation, day, revision);
    // Of a day that is empty for one run and not for another beside it, the one may store manifest 0 and the other part 0, in any order.
    const isEmptyForOne =
      revision === 0 && part === null && (this.#partStoredAt.get(ownPart) ?? Infinity) >= begun;
    must(
      isEmptyForOne || this.#archive.objects.has(ownPart) === (part?.key === ownPart),
      'manifest',
      wrong('names another part than that of its number'),
    );
    if (part) {
      const held = this.#archive.objects.get(part.key);
      if (part.key !== ownPart) this.adoptedLater += 1;
      must(
        held !== undefined && !manifests.some((other) => other.part?.key === part.key),
        'manifest',
        wrong(`names ${part.key}, which is not there or has a manifest`),
      );
      const orphan = partKey(manifest.foundation, day, 0);
      must(
        part.key === ownPart || (manifest.status === 'adopted' && part.key === orphan),
        'manifest',
        wrong(`names ${part.key}`),
      );
      const facts = describePartBytes(part.key, held?.bytes ?? new Uint8Array(), windowOf(day));
      must(
        part.sha256 === facts.sha256 &&
          part.bytes === facts.bytes &&
          part.rows === facts.events &&
          manifest.events === facts.events &&
          JSON.stringify(Object.entries(manifest.events_by_type).sort()) ===
            JSON.stringify(Object.entries(facts.eventsByType).sort()),
        'manifest',
        wrong('is not what its part is'),
      );
    }
    const together = guidSetOf(isEmptyForOne ? [] : this.storedOf(day).keys());
    must(
      cumulative.events === together.events && cumulative.guid_digest === together.guidDigest,
      'manifest',
      wrong(`counts ${cumulative.events} events, the parts hold ${together.events}`),
    );
    if (manifest.status === 'closed' || manifest.status === 'partial') {
      const kept = manifest.requests.reduce((sum, request) => sum + request.rows_kept, 0);
      must(
        kept === manifest.events,
        'manifest',
        wrong(`kept ${kept} rows for ${manifest.events} events`),
      );
    }
  }
}
