/** An option of a question by its bare name, such as `not-type`; each side writes it in its own way. */
export interface Option {
  readonly option: string;
}

/** Pieces of a text, in their order. One that is a string is told as it is, whatever it holds. */
export type Wording = readonly (string | Option)[];

/** How one side writes an option: `--not-type`, `not_type`. */
export type WriteOption = (name: string) => string;

export const option = (name: string): Option => ({ option: name });

/** Tag of a template: its texts, and between them the pieces that are filled in. */
export const worded = (
  texts: TemplateStringsArray,
  ...filled: readonly (string | Option | Wording)[]
): Wording => texts.flatMap((text, index) => [text, ...[filled[index] ?? []].flat()]);

/** One wording of several, with a text between each two. */
export const joined = (wordings: readonly Wording[], between: string): Wording =>
  wordings.flatMap((wording, index) => (index === 0 ? wording : [between, ...wording]));

export const wordingText = (wording: Wording, write: WriteOption): string =>
  wording.map((piece) => (typeof piece === 'string' ? piece : write(piece.option))).join('');
