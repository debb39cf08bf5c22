/** `LIKE` pattern of a text in which `*` stands for any text; `\` escapes. */
export const likePattern = (text: string): string =>
  text.replaceAll(/[\\%_]/g, (special) => `\\${special}`).replaceAll('*', '%');
