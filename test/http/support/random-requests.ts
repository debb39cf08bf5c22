import fc from 'fast-check';

/** What requests are made from: values that events have, and values that break something. */
export interface Vocabulary {
  readonly guids: readonly string[];
  readonly types: readonly string[];
  readonly targets: readonly string[];
  readonly spaces: readonly string[];
  readonly organizations: readonly string[];
  /** `YYYY-MM-DDThh:mm:ssZ` */
  readonly instants: readonly string[];
}

const encoded = (text: string): string => encodeURIComponent(text);

/** Texts that have been trouble somewhere. */
const ODD_TEXTS = [
  '',
  ' ',
  '*',
  '%',
  '_',
  "'",
  '"',
  '\\',
  ',',
  ', ',
  '%252C',
  '+',
  'null',
  'NULL',
  '0',
  "' OR 1=1 --",
  'ü',
  '🙂',
  '\u0000',
  '\n',
  '[]',
  '{}',
  'audit.app.*',
  'x'.repeat(1100),
];

const ODD_INSTANTS = [
  '2026-02-30T00:00:00Z',
  '2026-03-09T24:00:00Z',
  '2026-03-09T23:59:60Z',
  '2026-13-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-03-09T00:00:00.5Z',
  '2026-03-09T00:00:00+01:00',
  '2026-03-09t00:00:00z',
  '2026-03-09',
  'today',
  '',
];

/** Now and then something else than usual. */
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 12): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: usual, weight }, { arbitrary: odd, weight: 1 });

const oddText = fc.oneof(
  fc.constantFrom(...ODD_TEXTS).map(encoded),
  fc.string({ maxLength: 8, unit: 'grapheme' }).map((text) => encoded(text.toWellFormed())),
  fc.constantFrom('%', '%zz', '%ff', '%C3', '%25zz'),
);

const listOf = (values: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(mostly(fc.constantFrom(...values).map(encoded), oddText), { minLength: 1, maxLength: 4 })
    .chain((texts) => mostly(fc.constant(texts.join(',')), fc.constant(texts.join('%2C%20')), 4));

const pair = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  value.map((text) => `${name}=${text}`);

const whole = (...usual: readonly string[]): fc.Arbitrary<string> =>
  mostly(
    fc.constantFrom(...usual),
    fc.oneof(
      fc.constantFrom('0', '-1', '', '1abc', 'abc', '1_0', '5000', '5001', '%2B2', ' 3', '1.5'),
      fc.constantFrom('9223372036854775807', '99999999999999999999', '0x10', '1e3'),
    ),
    6,
  );

/** Requests of `GET /v3/audit_events`, most of them valid, as path and query. */
export function requests(words: Vocabulary): fc.Arbitrary<string> {
  const instant = mostly(fc.constantFrom(...words.instants), fc.constantFrom(...ODD_INSTANTS)).map(
    encoded,
  );
  const times = (name: string): fc.Arbitrary<string> =>
    fc.oneof(
      {
        arbitrary: fc
          .tuple(
            mostly(fc.constantFrom('gt', 'gte', 'lt', 'lte'), fc.constantFrom('eq', 'not', '')),
            instant,
          )
          .map(([operator, text]) => `${name}[${operator}]=${text}`),
        weight: 8,
      },
      {
        arbitrary: fc
          .array(instant, { minLength: 1, maxLength: 3 })
          .map((texts) => `${name}=${texts.join(',')}`),
        weight: 3,
      },
      {
        arbitrary: fc.constantFrom(name, `${name}[gte]`, `${name}[]=x`, `${name}[gt][x]=1`),
        weight: 1,
      },
    );
  const parameter = fc.oneof(
    { arbitrary: pair('page', whole('1', '2', '3', '7')), weight: 4 },
    { arbitrary: pair('per_page', whole('1', '2', '5', '10', '50')), weight: 6 },
    {
      arbitrary: pair(
        'order_by',
        mostly(
          fc.constantFrom(
            'created_at',
            '-created_at',
            '%2Bcreated_at',
            '-updated_at',
            'updated_at',
          ),
          fc.constantFrom('', 'id', '+created_at', '--created_at', 'type', 'created_at%0A', ' '),
        ),
      ),
      weight: 5,
    },
    { arbitrary: pair('guids', listOf(words.guids)), weight: 2 },
    { arbitrary: pair('types', listOf(words.types)), weight: 5 },
    { arbitrary: pair('target_guids', listOf(words.targets)), weight: 4 },
    { arbitrary: pair('target_guids[not]', listOf(words.targets)), weight: 3 },
    { arbitrary: pair('space_guids', listOf([...words.spaces, ''])), weight: 4 },
    { arbitrary: pair('organization_guids', listOf([...words.organizations, ''])), weight: 4 },
    { arbitrary: times('created_ats'), weight: 6 },
    { arbitrary: times('updated_ats'), weight: 2 },
    {
      arbitrary: fc
        .tuple(
          fc.constantFrom(
            ...['page', 'per_page', 'order_by', 'guids', 'types', 'target_guids', 'space_guids'],
            ...[
              'foo',
              'include',
              'label_selector',
              'actor_guids',
              'Types',
              'types ',
              '',
              '__proto__',
            ],
          ),
          fc.constantFrom('', '[]', '[x]', '[not]', '[not][]', '[', ']', '[a][b]'),
          fc.constantFrom('', '=', '=1', '=a,b'),
        )
        .map(([name, shape, value]) => `${encoded(name)}${shape}${value}`),
      weight: 1,
    },
  );
  const list = fc
    .array(parameter, { maxLength: 5 })
    .map((pairs) => `/v3/audit_events${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`);
  const one = mostly(fc.constantFrom(...words.guids).map(encoded), oddText).map(
    (guid) => `/v3/audit_events/${guid}`,
  );
  return mostly(list, one, 15);
}
