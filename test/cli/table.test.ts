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

  it('cuts what does not fit the terminal', () => {
    expect(tableLines(COLUMNS, [['a', '1', 'a long note']], 20)).toEqual([
      'name   count   note',
      'a          1   a lo…',
    ]);
  });
});
