const nested = (depth: number): string => `${'{"a":'.repeat(depth)}[[]]${'}'.repeat(depth)}`;

/** JSON texts that are valid as `data` and easily damaged on the way, by what is odd about them; null: nothing stored. */
export const ODD_DATA: Readonly<Record<string, string | null>> = {
  'nothing stored': null,
  'empty object': '{}',
  'values null': '{"request":null,"reason":null}',
  'int64 range':
    '{"largest":9223372036854775807,"smallest":-9223372036854775808,"beyond":9223372036854775808}',
  '23 digits': '{"serial":12345678901234567890123,"negative":-98765432109876543210987}',
  'just beyond 2^53': '{"even":9007199254740992,"odd":9007199254740993}',
  'beyond a double': '{"huge":1e400,"tiny":1e-400}',
  'forms of numbers':
    '{"zero":-0.0,"price":1.10,"whole":1.0,"exponent":1e3,"capital":2E+05,"small":5e-324,"third":0.3333333333333333}',
  'keys of prototypes':
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{}},"toString":"x","hasOwnProperty":1}',
  'digits as keys, out of order': '{"10":"ten","2":"two","b":"b","1":"one","01":"padded","a":"a"}',
  'odd keys': '{"":"empty","a.b":1,"a\\"b":2,"a\\\\b":3,"$.x":4,"ключ":5,"🗝":6,"a b\\n":7}',
  'deeply nested': `{"request":${nested(200)}}`,
  'arrays of everything': '{"list":[null,true,false,0,"",[],{},[[{"x":[1,"2",null]}]]]}',
  escapes: '{"text":"\\u0041\\u00e9\\ud83e\\udd84 \\/ \\b\\f\\n\\r\\t \\" \\\\"}',
  'characters unescaped': '{"text":"Aé🦄/\u2028\u2029\u007f\u202eכן"}',
  'NUL as escape': '{"text":"a\\u0000b"}',
  'lone surrogate as escape': '{"text":"cut \\ud83e off","key \\udd84":1}',
  'text that is JSON': '{"extra":"{\\"displayName\\":\\"\\\\\\"Quoted\\\\\\"\\",\\"n\\":1.0}"}',
  'a text for an object': '{"request":"recursive"}',
  'a list for an object': '{"request":["recursive",true]}',
  'large list': `{"target_space_guids":[${Array.from({ length: 2000 }, (_, index) => `"space-${index}"`).join(',')}]}`,
  'secret look-alikes':
    '{"request":{"password":"[PRIVATE DATA HIDDEN]","auth_password":"[REDACTED]","url":"https://***:***@example.org"}}',
};
