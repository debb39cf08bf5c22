import {
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  REMARK_KINDS,
  type Remark,
  type RemarkKind,
} from '../digest/finding.ts';
import type { Verdict } from '../digest/verify-archive.ts';
import { tableLines } from './table.ts';
import { bold } from './terminal.ts';
import { bytesText, countText, plural } from './words.ts';

/** What a person is shown of one kind; `--json` has all. */
const MAX_FINDINGS = 50;
const MAX_REMARKS = 5;

const FINDING_TITLES: Readonly<Record<FindingKind, string>> = {
  missing: 'MISSING: signed, and not there',
  altered: 'ALTERED: not the bytes that were signed',
  extra: 'EXTRA: nothing speaks of it',
  unsigned: 'UNSIGNED: no digest vouches for it',
  wrong_signature: 'WRONG SIGNATURE: not by a trusted key over these bytes',
  gap: 'GAP: calendar days on which nothing was signed',
  signed_late: 'SIGNED LATE: for more than 26 hours it could be changed unseen',
  head_cut_off: 'HEAD CUT OFF: an anchored digest is not in the chain',
  digest_overdue: 'DIGEST OVERDUE: nothing was signed for more than 26 hours',
  invalid: 'INVALID: contradicts its name or itself',
  mismatch: 'MISMATCH: what was signed contradicts itself or its part',
  duplicate: 'DUPLICATE: an event is stored twice',
};

const REMARK_TITLES: Readonly<Record<RemarkKind, string>> = {
  pending: 'pending: written after the newest digest, the next one will sign it',
  unvouched: 'cannot be judged, because what vouched for it is itself a finding',
  digest_overdue: 'a copy says nothing about later days',
  not_stored: 'days of which nothing is stored',
  partial: 'days stored only in part',
  lost: 'days with a recorded loss',
  deleted_at_source: 'events that only this archive still has',
  never_counted: 'days not counted at the source since they were stored',
};

/** What a person reads: findings by kind, remarks by kind, a line for each foundation, and one for all. */
export function verdictLines(verdict: Verdict, width: number): string[] {
  const { findings, remarks } = verdict;
  const lines = [
    ...FINDING_KINDS.flatMap((kind) =>
      section(bold(FINDING_TITLES[kind]), ofKind(findings, kind), MAX_FINDINGS, width),
    ),
    ...REMARK_KINDS.flatMap((kind) =>
      section(`Remark: ${REMARK_TITLES[kind]}`, ofKind(remarks, kind), MAX_REMARKS, width),
    ),
    ...verdict.foundations.map(({ name, head, digests, days }) =>
      head === null
        ? `${name}: no trusted digest`
        : `${name}: ${plural(digests, 'digest')}, ${plural(days, 'day')}; head ${head.day} ${head.sha256}`,
    ),
  ];
  return [...lines, summaryLine(verdict)];
}

const ofKind = <T extends Finding | Remark>(notes: readonly T[], kind: T['kind']): T[] =>
  notes.filter((note) => note.kind === kind);

function section(
  title: string,
  notes: readonly (Finding | Remark)[],
  limit: number,
  width: number,
): string[] {
  if (notes.length === 0) return [];
  const [heading = '', ...rows] = tableLines(
    [{ title: 'day' }, { title: 'object' }, { title: 'meaning' }],
    notes.slice(0, limit).map(({ day, object, meaning }) => [day ?? '', object, meaning]),
    width,
  );
  const more = notes.length - limit;
  return [
    title,
    ...[heading, ...rows].map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${countText(more)} more; --json names all`] : []),
    '',
  ];
}

/** `clean: 31 days, 98 objects, 4.1 MB, 62,000 rows verified, as of …` */
function summaryLine({ findings, remarks, foundations, asOf }: Verdict): string {
  const sum = (of: 'days' | 'objects' | 'bytes' | 'rows'): number =>
    foundations.reduce((all, foundation) => all + foundation[of], 0);
  const verdict = findings.length === 0 ? 'clean' : plural(findings.length, 'FINDING');
  const remarked = remarks.length === 0 ? '' : `, ${plural(remarks.length, 'remark')}`;
  return `${verdict}${remarked}: ${plural(sum('days'), 'day')}, ${plural(sum('objects'), 'object')}, ${bytesText(sum('bytes'))}, ${plural(sum('rows'), 'row')} verified${asOf === undefined ? '' : ` as of ${asOf.toISOString()}`}`;
}

/** The stable keys of `verify --json`. */
export function verdictJson({ findings, remarks, foundations, asOf }: Verdict): unknown {
  const note = ({ kind, foundation, day, object, meaning }: Finding | Remark): unknown => ({
    kind,
    foundation,
    day,
    object,
    meaning,
  });
  return {
    ok: findings.length === 0,
    as_of: asOf?.toISOString() ?? null,
    findings: findings.map(note),
    remarks: remarks.map(note),
    foundations: foundations.map(({ name, head, digests, days, objects, bytes, rows }) => ({
      name,
      head: head && { day: head.day, key: head.key, sha256: head.sha256 },
      digests,
      days,
      objects,
      bytes,
      rows,
    })),
  };
}
