import { describe, expect, it } from '@jest/globals';
import { appEventDescription, plainDecimal } from '../../lib/domain/app-event-description.ts';

describe('appEventDescription', () => {
  it.each<[data: string | null, description: string]>([
    [null, ''],
    ['{}', ''],
    ['no JSON', ''],
    ['[1]', ''],
    ['{"name":"web","memory_in_mb":512}', ''],
    // The order is that of cf, not that of the data.
    [
      '{"exit_status":137,"exit_description":"out of memory","instance":"i-1","cell_id":"c-1","reason":"CRASHED","index":0}',
      'index: 0, reason: CRASHED, cell_id: c-1, instance: i-1, exit_description: out of memory, exit_status: 137',
    ],
    [
      '{"request":{"environment_json":"[PRIVATE DATA HIDDEN]","command":"run","state":"STARTED","memory":512,"instances":2,"disk_quota":1024,"recursive":true}}',
      'recursive: true, disk_quota: 1024, instances: 2, memory: 512, state: STARTED, command: run, environment_json: [PRIVATE DATA HIDDEN]',
    ],
    // A request hides what stands beside it, even when it says nothing.
    ['{"request":{},"reason":"x"}', ''],
    ['{"request":null,"reason":"x"}', ''],
    ['{"request":"text","reason":"x"}', ''],
    ['{"reason":null,"state":""}', 'state: '],
    ['{"recursive":false}', 'recursive: false'],
    [
      '{"memory":1.50,"instances":1e21,"disk_quota":1e-7}',
      'disk_quota: 0.0000001, instances: 1000000000000000000000, memory: 1.5',
    ],
    ['{"environment_json":{}}', 'environment_json: map[]'],
    [
      '{"environment_json":{"b":"x y","a":1,"c":[true,null,{"z":2}]}}',
      'environment_json: map[a:1 b:x y c:[%!s(bool=true) <nil> map[z:2]]]',
    ],
    ['{"command":"a\\nb"}', 'command: a\nb'],
    ['{"__proto__":{"reason":"x"}}', ''],
  ])('of %s is %j', (data, description) => {
    expect(appEventDescription(data)).toBe(description);
  });
});

describe('plainDecimal', () => {
  it.each<[value: number, text: string]>([
    [0, '0'],
    [-0, '-0'],
    [-12.25, '-12.25'],
    [1e20, '100000000000000000000'],
    [1.5e300, `15${'0'.repeat(299)}`],
    [1e23, `1${'0'.repeat(23)}`],
    [-2.5e-10, '-0.00000000025'],
    [5e-324, `0.${'0'.repeat(323)}5`],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('writes %d as Go does', (value, text) => {
    expect(plainDecimal(value)).toBe(text);
    expect(Number(text)).toBe(value);
  });
});
