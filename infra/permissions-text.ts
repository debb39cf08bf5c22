import { FUNCTION_NAMES, ROLE_IDS } from './function-names.ts';
import type { Template } from './package-template.ts';
import {
  describe,
  resourceStatements,
  roleStatements,
  type TemplateStatement,
} from './template-statements.ts';

const INTRODUCTION = `# Who may do what

Made by \`npm run permissions\` from the template that is deployed for \`infra/example.yml\`: every right there is, and no other. A name such as \`ArchiveBucket\` stands for the resource of the stack that \`infra/*.yml\` calls so.

What each function may do:
`;

/** docs/permissions.md. */
export function permissionsText(template: Template): string {
  const functions = FUNCTION_NAMES.flatMap((name) =>
    roleStatements(template, ROLE_IDS[name]).flatMap((statement) => rows(name, statement)),
  );
  const timers = roleStatements(template, 'TimerRole').flatMap((each) => rows('timers', each));
  const keys = ['SigningKey', 'DataKey', 'AlarmKey'].flatMap((id) =>
    resourceStatements(template, id).map(({ principals, actions, condition }) => [
      id,
      code(principals),
      code(actions),
      conditionText(condition),
    ]),
  );
  const buckets = ['ArchiveBucketPolicy', 'ResultsBucketPolicy'].flatMap((id) =>
    resourceStatements(template, id).map(({ sid, actions, resources, condition }) => [
      sid,
      code(actions),
      code(resources),
      conditionText(condition),
    ]),
  );
  return [
    INTRODUCTION,
    table(['function', 'action', 'resource', 'only when'], [...functions, ...timers]),
    '\nWho may use the keys. Where the account itself (`:root`) is named, IAM says which of its users and roles:\n',
    table(['key', 'who', 'action', 'only when'], keys),
    '\nWhat the buckets refuse, whoever asks:\n',
    table(['rule', 'action', 'resource', 'refused when'], buckets),
  ].join('\n');
}

const rows = (
  name: string,
  { actions, resources, condition }: TemplateStatement,
): (readonly string[])[] =>
  actions.flatMap((action) =>
    resources.map((resource) => [name, code([action]), code([resource]), conditionText(condition)]),
  );

const code = (values: readonly string[]): string => values.map((each) => `\`${each}\``).join(' ');

function conditionText(condition: unknown): string {
  if (condition === undefined) return '';
  return Object.entries(Object(condition))
    .flatMap(([operator, tests]) =>
      Object.entries(Object(tests)).map(
        ([key, value]) => `${operator} \`${key}\` ${describeValue(value)}`,
      ),
    )
    .join(', ');
}

const describeValue = (value: unknown): string => `\`${describe(value)}\``;

const table = (head: readonly string[], body: readonly (readonly string[])[]): string =>
  `${[head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
