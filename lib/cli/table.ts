import { stripVTControlCharacters } from 'node:util';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const GAP = '   ';

/** A text as one cell: line breaks and other control characters would break the row, or the terminal. */
const cellText = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}/gu, '\uFFFD');

const graphemes = new Intl.Segmenter();

/** Columns that a text takes: graphemes, those of East Asian wide and emoji kind twice. */
function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width +=
      /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u.test(
        segment,
      )
        ? 2
        : 1;
  }
  return width;
}

function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (widthOf(kept + segment) >= width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** No column is made narrower than this to fit a terminal. */
const NARROWEST = 8;

/** Take from the widest column, again and again, until the line fits or nothing can be taken. */
function fitted(widths: readonly number[], width: number): number[] {
  const left = [...widths];
  const lineWidth = (): number =>
    left.reduce((sum, column) => sum + column, GAP.length * (left.length - 1));
  while (lineWidth() > width) {
    const widest = Math.max(...left);
    if (widest <= NARROWEST) break;
    left[left.indexOf(widest)] = widest - 1;
  }
  return left;
}

/**
 * Lines of an aligned table, heading first, the last column not padded.
 *
 * @param width - columns of the terminal; where the table is wider, the widest cells are cut
 */
export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(cellText))];
  const natural = columns.map((_, index) =>
    Math.max(...cells.map((row) => widthOf(row[index] ?? ''))),
  );
  const widths = fitted(natural, width);
  return cells.map((row) =>
    row
      .map((text, index) => {
        const cell = shorten(text, widths[index] ?? 0);
        const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)));
        if (columns[index]?.align === 'right') return padding + cell;
        return index === row.length - 1 ? cell : cell + padding;
      })
      .join(GAP),
  );
}
