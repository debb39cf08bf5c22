import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ALARM_TEXTS } from '../../infra/alarms.ts';
import { FUNCTION_NAMES } from '../../infra/function-names.ts';
import { run } from '../../lib/cli/program.ts';
import { aTerminal } from '../support/captured-terminal.ts';

const RUNBOOK = readFileSync('docs/runbook.md', 'utf8');
const FRAGMENTS = readdirSync('infra')
  .filter((file) => file.endsWith('.yml'))
  .map((file) => readFileSync(`infra/${file}`, 'utf8'))
  .join('\n');

const section = (title: string): string => {
  const [, after = ''] = RUNBOOK.split(`\n## ${title}\n`);
  return after.split('\n## ')[0] ?? '';
};

const all = (pattern: RegExp): string[] => [
  ...new Set([...RUNBOOK.matchAll(pattern)].map(([, found = '']) => found)),
];

describe('docs/runbook.md', () => {
  it('has a section for each alarm, and none for what is no alarm', () => {
    const sections = [...section('Alarms').matchAll(/^### (.+)$/gm)].map(([, name]) => name);

    expect(sections.sort()).toEqual(Object.keys(ALARM_TEXTS).sort());
  });

  it('tells of every function', () => {
    for (const name of FUNCTION_NAMES) expect(section('What runs')).toContain(`| \`${name}\` |`);
  });

  it('names functions, queues and timers as the stack does', () => {
    const named = all(/\$stack-([a-z-]+(?:\.fifo)?)/g);
    const queues = [
      ...FRAGMENTS.matchAll(/Name: cf-audit-archive-\$\{self:custom\.stack\.stage\}-(\S+)/g),
    ].map(([, name]) => name);

    expect(named).toEqual(expect.arrayContaining(['archive', 'archive-day-dead-letters.fifo']));
    for (const name of named) expect([...queues, ...FUNCTION_NAMES]).toContain(name);
  });

  it('names outputs and resources that the stack has', () => {
    // The address of the HTTP API is an output that osls adds.
    const outputs = all(/\$\(output (\w+)\)/g).filter((name) => name !== 'HttpApiUrl');
    const resources = all(/--logical-resource-id (\w+)/g);

    expect(outputs).toEqual(['ArchiveBucketName', 'SigningKeyArn']);
    expect(resources).toEqual(['CursorKey']);
    for (const name of [...outputs, ...resources]) expect(FRAGMENTS).toContain(`  ${name}:\n`);
    expect(FRAGMENTS).toContain('Sid: NothingIsDeleted');
  });

  it('uses scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

    for (const name of all(/npm run (?:--silent )?([\w:]+)/g))
      expect(Object.keys(scripts)).toContain(name);
  });

  it('pipes no heading of npm into another program', () => {
    expect(all(/(npm run (?!--silent)[^`\n|]*\| )/g)).toEqual([]);
  });

  it('uses commands and flags of the command line that are there', async () => {
    const used = [...RUNBOOK.matchAll(/npm run (?:--silent )?cli -- (\w+)([^`\n|]*)/g)];

    expect(used.length).toBeGreaterThan(10);
    for (const [, command = '', flags = ''] of used) {
      const terminal = aTerminal();
      expect(await run([command, '--help'], terminal)).toBe(0);
      for (const [flag] of flags.matchAll(/--[a-z-]+/g))
        expect(terminal.stdout()).toContain(`${flag} `);
    }
  });
});
