/** The functions of the stack. */
export const FUNCTION_NAMES = ['archive', 'archive-day', 'digest', 'query'] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** Their logical ids, as osls makes them. */
export const FUNCTION_IDS: Readonly<Record<FunctionName, string>> = {
  archive: 'ArchiveLambdaFunction',
  'archive-day': 'ArchiveDashdayLambdaFunction',
  digest: 'DigestLambdaFunction',
  query: 'QueryLambdaFunction',
};

/** Their roles, from infra/roles.yml. */
export const ROLE_IDS: Readonly<Record<FunctionName, string>> = {
  archive: 'ArchiveRole',
  'archive-day': 'ArchiveDayRole',
  digest: 'DigestRole',
  query: 'QueryRole',
};
