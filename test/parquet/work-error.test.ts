import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { shortage, workError } from '../../lib/parquet/work-error.ts';

const FULL =
  'no space left in the work folder while staging; free some, or point TMPDIR to a larger disk';

describe('workError', () => {
  it.each([
    'IO Error: Could not write file "/w/stage.duckdb": No space left on device',
    'IO Error: Could not write file "/w/stage.duckdb": File too large',
    'FATAL Error: Failed to append to WAL: Disk quota exceeded',
    "Out of Memory Error: failed to offload data block of size 256.0 KiB (8.0 MiB/8.0 MiB used).\nThis limit was set by the 'max_temp_directory_size' setting.",
  ])('tells a full work folder by its words: %s', (message) => {
    expect(workError(new Error(message), 'staging')).toMatchObject({
      code: 'STORE_FULL',
      message: FULL,
    });
  });

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('tells a full work folder by the code %s', (code) => {
    const error = Object.assign(new Error('write failed'), { code });

    expect(workError(error, 'staging')).toMatchObject({ code: 'STORE_FULL', cause: error });
  });

  it('tells that memory is short', () => {
    const error = new Error(
      'Out of Memory Error: could not allocate block of size 256.0 KiB\nmore',
    );

    expect(workError(error, 'staging')).toMatchObject({
      code: 'WORK_FAILED',
      message: 'not enough memory while staging',
    });
  });

  it('says what failed in one line, and keeps the cause', () => {
    const error = new Error('Binder Error: no such column\nLINE 1: SELECT …\n ^');

    expect(workError(error, 'staging')).toMatchObject({
      code: 'WORK_FAILED',
      message: 'staging failed: Binder Error: no such column',
      retryable: false,
      cause: error,
    });
  });

  it.each([undefined, null, 'text'])('copes with %j in place of an error', (thrown) => {
    expect(workError(thrown, 'staging')).toMatchObject({
      code: 'WORK_FAILED',
      message: `staging failed: ${thrown}`,
    });
  });

  it('leaves an error of this program as it is', () => {
    const error = new ArchiveError('PART_INVALID', 'no part; No space left on device');

    expect(workError(error, 'staging')).toBe(error);
  });
});

describe('shortage', () => {
  it('is undefined when this machine is not to blame', () => {
    expect(shortage(new Error('Invalid Input Error: no magic bytes'), 'reading')).toBeUndefined();
  });
});
