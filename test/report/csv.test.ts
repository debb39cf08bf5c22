import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvRecord, defused, undefused } from '../../lib/report/csv.ts';
import { csvExport } from '../../lib/report/export-text.ts';
import { parseCsv } from './support/parse-csv.ts';
import { batchesOf, textOf } from './support/rows.ts';

/** Texts that are mostly trouble. */
const aText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        '=',
        '+',
        '-',
        '@',
        '\t',
        '\r',
        '\n',
        ',',
        ';',
        ' ',
        'a',
        '\uFEFF',
        '\u00A0',
        '＝',
        '\0',
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join('')),
);

describe('csvExport', () => {
  it('is read back as what was written', async () => {
    const tables = fc.integer({ min: 2, max: 5 }).chain((width) =>
      fc.tuple(
        fc.array(aText, { minLength: width, maxLength: width }),
        fc.array(fc.array(fc.option(aText), { minLength: width, maxLength: width }), {
          maxLength: 8,
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(tables, async ([titles, rows]) => {
        const text = await textOf(
          csvExport(titles, batchesOf(rows.slice(0, 3), [], rows.slice(3))),
        );

        const read = parseCsv(text).map((record) =>
          record.map((cell) => (cell === null ? null : undefused(cell))),
        );
        expect(read).toEqual([titles, ...rows]);
      }),
      { numRuns: 1000 },
    );
  });

  it('has no cell that a spreadsheet takes for a formula, even one that trims', () => {
    fc.assert(
      fc.property(aText, (text) => {
        const [[cell] = []] = parseCsv(csvRecord([text, 'x']));

        expect((cell ?? '').trim()).not.toMatch(/^[=+\-@＝＋－＠]/);
        expect(cell ?? '').not.toMatch(/^[\t\r\n]/);
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[text: string, cell: string]>([
    ['=HYPERLINK("http://x","y")', `'=HYPERLINK("http://x","y")`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    [' =1', "' =1"],
    ['\u200B=1', "'\u200B=1"],
    ['＝1', "'＝1"],
    ["'quoted'", "''quoted'"],
    ['a=1', 'a=1'],
    ['someone@example.org', 'someone@example.org'],
    ['', ''],
  ])('defuses %j as %j, and back', (text, cell) => {
    expect(defused(text)).toBe(cell);
    expect(undefused(cell)).toBe(text);
  });

  it('tells null from empty, and writes a record even for one null', () => {
    expect(csvRecord([null, '', 'a'])).toBe(',"",a\r\n');
    expect(csvRecord([null])).toBe('""\r\n');
  });

  it('quotes what another separator would split', () => {
    expect(csvRecord(['a;b', ' c', 'd"e', 'f\ng'])).toBe('"a;b"," c","d""e","f\ng"\r\n');
  });
});
