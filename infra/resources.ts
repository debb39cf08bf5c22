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

/** A part of a logical id, which takes letters and digits only; different names stay different. */
export const idOf = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('Dash');
