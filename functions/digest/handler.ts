import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { functionConfiguration } from '../../lib/config/function-environment.ts';
import { newestLink } from '../../lib/digest/chain-head.ts';
import { signDigest } from '../../lib/digest/sign-digest.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { HOUR_MS } from '../../lib/domain/instant.ts';
import { outcomeOf } from '../../lib/runs/outcome.ts';
import { openSigner } from '../../lib/signing/open-signer.ts';
import { openObjectStore } from '../../lib/store/open-object-store.ts';
import {
  createFunctionLog,
  errorFacts,
  LOG_CONTEXT,
  putMetrics,
} from '../../lib/telemetry/function-log.ts';
import { TOOL } from '../../lib/version.ts';

const log = createFunctionLog('digest');
const configuration = functionConfiguration(process.env);
const { signing } = configuration;
if (signing === undefined) {
  throw new ArchiveError('CONFIG_INVALID', 'signing is missing: nothing can be signed');
}
const store = await openObjectStore(configuration.archiveUrl, process.env);

/** Trouble that only a person can end: trying again would not help. */
const LASTING: ReadonlySet<string> = new Set(['DIGEST_INVALID', 'SIGNING_KEY_INVALID']);

/**
 * Sign what was written since the last digest, foundation by foundation; what ends one of them does not end the others.
 *
 * A day without a digest is a gap for ever, so what may be over soon is thrown in the end: Lambda then tries again, and who was signed already is left alone.
 */
export const handler = middy<unknown>()
  .use(injectLambdaContext(log, LOG_CONTEXT))
  .handler(async () => {
    const signer = await openSigner(signing);
    const heads = [];
    let passing: ArchiveError | undefined;
    for (const { name: foundation } of configuration.foundations) {
      const now = () => new Date();
      const { value, error } = await outcomeOf(
        signDigest({ store, signer, now, tool: TOOL }, foundation),
      );
      const { value: head } = await outcomeOf(newestLink(store, foundation));
      const isBad = error !== undefined || (value?.refused.length ?? 0) > 0;
      putMetrics('digest', foundation, {
        DigestsSigned: value?.kind === 'signed' ? 1 : 0,
        DigestsFailed: isBad ? 1 : 0,
        ...(head && {
          DigestAgeHours: (Date.now() - Date.parse(head.digest.signed_at)) / HOUR_MS,
        }),
      });
      if (error) log.error('digest failed', { foundation, error: errorFacts(error) });
      if (error && !LASTING.has(error.code)) passing ??= error;
      for (const refused of value?.refused ?? [])
        log.error('not signed', { foundation, ...refused });
      if (value) {
        log.info('digest', { foundation, result: value.kind, head: value.head });
        heads.push({ foundation, ...value.head });
      }
    }
    if (passing) throw passing;
    return heads;
  });
