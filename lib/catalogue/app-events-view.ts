import { SHOWN_KEYS } from '../domain/app-event-description.ts';
import { scalar, textColumn, type View, WHEN_AND_WHO, WHERE_ABOUTS } from './view.ts';

/** A value as text: a scalar as it is, an object or array as JSON. */
const valueText = (path: string): string =>
  `coalesce(${scalar(path)}, nullif(json_format(json_extract(data, '$.${path}')), 'null'))`;

/** Skips nulls, as `cf events` skips what is absent or null. */
const described = (prefix: string): string =>
  `concat_ws(', ',\n${SHOWN_KEYS.map((key) => `      '${key}: ' || ${valueText(`${prefix}${key}`)}`).join(',\n')}\n    )`;

/**
 * What `cf events APP` shows, for as long as the archive goes back.
 *
 * Its rule, kept here: the keys are looked up in `data.request` where `data` has such a key (null counts: then nothing is shown), else in `data`. What SQL cannot do: a fraction or an exponent stands as Cloud Controller wrote it, and an object as JSON instead of Go's `map[…]`.
 */
export const APP_EVENTS: View = {
  name: 'app_events',
  meaning: 'an event of an app, as `cf events` shows it',
  columns: [
    ...WHEN_AND_WHO,
    textColumn('app_guid', 'target_guid'),
    textColumn('app_name', 'target_name'),
    textColumn(
      'description',
      `CASE WHEN json_format(json_extract(data, '$.request')) IS NULL
    THEN ${described('')}
    ELSE ${described('request.')}
    END`,
    ),
    textColumn('data'),
    ...WHERE_ABOUTS,
  ],
  where: "target_type = 'app'",
};
