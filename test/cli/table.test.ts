import { describe, expect, it } from '@jest/globals';
import { tableLines } from '../../lib/cli/table.ts';

const COLUMNS = [{ title: 'name' }, { title: 'count', align: 'right' }, { title: 'note' }] as const;

describe('tableLines', () => {
  it('pads columns to the widest cell, but not the last one', () => {
    expect(
      tableLines(COLUMNS, [
        ['a', '12', 'x'],
        ['long', '3', 'yy'],
      ]),
    ).toEqual(['name   count   note', 'a         12   x', 'long       3   yy']);
  });

  it('counts wide characters twice and joined emoji once', () => {
    const lines = tableLines(COLUMNS, [
      ['日本', '1', ''],
      ['👩‍💻x', '1', ''],
      ['ab', '1', ''],
    ]);

    expect(lines.map((line) => line.indexOf('1'))).toEqual([-1, 9, 14, 11]);
  });

  it('cuts the widest cells where the terminal is narrower', () => {
    const rows = [['2026-03-10T08:00:00Z', '1', 'a target']];

    expect(tableLines(COLUMNS, rows, 30)).toEqual([
      'name          count   note',
      '2026-03-10…       1   a target',
    ]);
  });

  it('makes no column narrower than can be read, even if the line is then too long', () => {
    const rows = [['2026-03-10T08:00:00Z', '1', 'a long note here']];

    expect(tableLines(COLUMNS, rows, 10)[1]).toBe('2026-03…       1   a long …');
  });
});
