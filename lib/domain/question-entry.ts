import { parseArchiveKey } from './archive-key.ts';
import { loggedQuestionSchema } from './logged-question.ts';
import { type QuestionRow, questionRow } from './question-columns.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** An entry of the log as its key wants it, as a row; undefined when it contradicts its key or is no such entry. */
export function readQuestion(key: string, bytes: Uint8Array): QuestionRow | undefined {
  const place = parseArchiveKey(key);
  if (place?.kind !== 'question') return undefined;
  try {
    const text = utf8.decode(bytes);
    const question = loggedQuestionSchema.parse(JSON.parse(text));
    const fits =
      question.foundation === place.foundation &&
      new Date(question.logged_at).getTime() === place.loggedAt.getTime();
    return fits ? questionRow(place.id, question, text) : undefined;
  } catch {
    return undefined;
  }
}
