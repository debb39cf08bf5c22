import type { EventRow } from './columns.ts';
import { dataText, firstText } from './event-sentence-data.ts';
import { SENTENCE_TEMPLATES } from './event-sentence-templates.ts';

/** Texts out of `data` may be as long as a stack trace. */
const LONGEST_DATA_TEXT = 160;

/** An alternative group, a placeholder, or plain words. */
const PIECES = /\[([^\]]*)\]|\{([^{}]*)\}|[^[{]+/g;

/**
 * Say in one plain sentence what an event tells: `ann@example.org deleted app checkout in space payments`.
 *
 * Every known type has a template of its own; an unknown one such as `audit.widget.frobnicate` becomes `ann@example.org: frobnicate widget …`. What an event lacks is left out or named in general words, never shown as a gap.
 */
export function eventSentence(row: EventRow): string {
  const template = SENTENCE_TEMPLATES[row.type ?? ''] ?? fallbackTemplate(row.type ?? '');
  return fill(template.includes('{in}') ? template : `${template}{in}`, row) ?? '';
}

/** An unknown type, word by word: its last part is the deed, what stands before it the thing. */
function fallbackTemplate(type: string): string {
  const words = type
    .split('.')
    .map((part) => part.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim())
    .filter((part) => part !== '');
  if (words[0] === 'audit') words.shift();
  const deed = words.pop();
  if (deed === undefined) return '{actor}: an event without a type[ on {target}]';
  return `{actor}: ${[deed, ...words].join(' ')}[ {target}]`;
}

/**
 * Fill a template in one pass, so that braces in a name stay what they are.
 *
 * `[one|other]` is the first alternative that can be filled, or nothing.
 *
 * @returns undefined when a placeholder outside of `[…]` cannot be filled
 */
function fill(template: string, row: EventRow): string | undefined {
  let text = '';
  for (const [piece, alternatives, placeholder] of template.matchAll(PIECES)) {
    if (alternatives !== undefined) {
      const filled = alternatives.split('|').map((alternative) => fill(alternative, row));
      text += filled.find((each) => each !== undefined) ?? '';
    } else if (placeholder !== undefined) {
      const value = meaningOf(placeholder, row);
      if (value === undefined) return undefined;
      text += value;
    } else {
      text += piece;
    }
  }
  return text;
}

/**
 * What a placeholder stands for.
 *
 * `{actor}` who did it; `{in}` where, with a blank before it, or nothing; `{target}` its name or GUID; `{an app}` the target with its kind, `app checkout`, or just `an app`; `{data:request.name}` a text of `data`.
 */
function meaningOf(placeholder: string, row: EventRow): string | undefined {
  if (placeholder === 'actor') return actorOf(row);
  if (placeholder === 'in') return placeOf(row);
  const target = firstText(row.target_name, row.target_guid);
  if (placeholder === 'target') return target;
  if (placeholder.startsWith('data:')) return shortened(dataText(row, placeholder.slice(5)));
  const kind = placeholder.replace(/^an? /, '');
  return target === undefined ? placeholder : `${kind} ${target}`;
}

function actorOf(row: EventRow): string {
  const name = firstText(row.actor_name, row.actor_username, row.actor_guid);
  if (name === undefined) return 'someone';
  if (row.actor_type === 'system') return 'Cloud Controller';
  if (row.actor_type === 'service_broker') return `service broker ${name}`;
  if (row.actor_type === 'process' || row.actor_type === 'app') return `${row.actor_type} ${name}`;
  return /^unknown(-user-guid)?$/i.test(name) ? 'an unknown user' : name;
}

/** Where it happened: the space, else the organization; a space that is itself the target is placed in its organization. */
function placeOf(row: EventRow): string {
  const space = firstText(row.space_name, row.space_guid);
  if (space !== undefined && row.target_type !== 'space') return ` in space ${space}`;
  const organization = firstText(row.organization_name, row.organization_guid);
  if (organization === undefined || row.target_type === 'organization') return '';
  return ` in organization ${organization}`;
}

function shortened(text: string | undefined): string | undefined {
  const line = text?.replaceAll(/\s+/g, ' ').trim();
  if (line === undefined || line === '') return undefined;
  return line.length > LONGEST_DATA_TEXT ? `${line.slice(0, LONGEST_DATA_TEXT)}…` : line;
}
