import type { Template } from './package-template.ts';

/** A statement of a policy in the template, with lists where one value may stand alone. */
export interface TemplateStatement {
  /** Logical id of the resource that it belongs to. */
  readonly of: string;
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  readonly condition: unknown;
}

interface PolicyDocument {
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** What a role may do: its own policies, and those that are put on it. */
export function roleStatements({ Resources }: Template, roleId: string): TemplateStatement[] {
  const own = list(Resources[roleId]?.Properties.Policies);
  const attached = Object.values(Resources)
    .filter(
      ({ Type, Properties }) =>
        Type === 'AWS::IAM::Policy' &&
        list(Properties.Roles).some((role) => describe(role) === roleId),
    )
    .map(({ Properties }) => Properties);
  return [...own, ...attached].flatMap((policy) =>
    statementsOf(roleId, Object(policy).PolicyDocument),
  );
}

/** What the policy of a bucket, a key or a topic says. */
export function resourceStatements({ Resources }: Template, id: string): TemplateStatement[] {
  const { KeyPolicy, PolicyDocument } = Object(Resources[id]?.Properties);
  return statementsOf(id, KeyPolicy ?? PolicyDocument);
}

const statementsOf = (of: string, { Statement }: PolicyDocument): TemplateStatement[] =>
  Statement.map((statement) => ({
    of,
    sid: String(statement.Sid ?? ''),
    effect: statement.Effect === 'Deny' ? 'Deny' : 'Allow',
    actions: list(statement.Action).map(String),
    resources: list(statement.Resource).map(describe),
    principals: principals(statement.Principal),
    condition: statement.Condition,
  }));

const principals = (principal: unknown): string[] =>
  typeof principal === 'object' && principal !== null
    ? Object.values(principal).flatMap(list).map(describe)
    : list(principal).map(describe);

const list = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** A value of the template as text: the logical id stands for what CloudFormation fills in. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': sub } = Object(value);
  if (Ref !== undefined) return String(Ref);
  if (attribute !== undefined) return String(attribute[0]);
  if (sub !== undefined)
    return String(sub).replaceAll(/\$\{([A-Za-z0-9]+)(?:\.Arn)?\}/g, (_all, id: string) => id);
  return JSON.stringify(value);
}
