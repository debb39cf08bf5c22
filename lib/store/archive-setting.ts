/** What errors of a store call the place where the archive is named. A command that was told the place by a flag names the flag instead. */
export const ARCHIVE_SETTING = '`archive` in the configuration';
