/** One resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** Resources by their logical id. */
export type Resources = Readonly<Record<string, Resource>>;

export const ref = (id: string) => ({ Ref: id });

export const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });

/** The name of a foundation or function as part of a logical id, which takes letters and digits only; different names stay different, because none has capitals. */
export const idOf = (name: string): string => capitalized(name.replaceAll('-', 'Dash'));

/** `route_changes` or `days-at-risk` as part of a logical id. */
export const pascalCase = (name: string): string => name.split(/[-_]/).map(capitalized).join('');

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
