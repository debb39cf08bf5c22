import { z } from 'zod';

/** Where a secret is; the configuration never holds one. */
export type SecretRef =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'secretsmanager'; readonly arn: string };

const FORMS = 'write { env: NAME }, { file: PATH } or { secretsmanager: ARN }';

/** As written. A message never repeats what stands there: it may be the secret itself. */
export const secretSchema = z
  .strictObject(
    {
      env: z
        .string('must be the name of an environment variable')
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')
        .optional(),
      file: z.string('must be a path').min(1, 'must be a path').optional(),
      secretsmanager: z
        .string('must be the ARN of a secret')
        .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$/, {
          error: 'must be the ARN of a secret: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME',
        })
        .optional(),
    },
    {
      error: ({ input }) =>
        input === undefined || input === null
          ? `is missing; ${FORMS}`
          : `a secret is never written here; ${FORMS}`,
    },
  )
  .refine((secret) => Object.keys(secret).length === 1, `must have one key; ${FORMS}`);

/** @param pathOf - makes a path of the configuration absolute */
export function secretRef(
  written: z.infer<typeof secretSchema>,
  pathOf: (path: string) => string,
): SecretRef {
  if (written.env !== undefined) return { kind: 'env', name: written.env };
  if (written.file !== undefined) return { kind: 'file', path: pathOf(written.file) };
  return { kind: 'secretsmanager', arn: written.secretsmanager ?? '' };
}
