import { fittingHint, formatKeyPath, givenValue, placeIn, type ConfigValue } from '../doc/index.js';
import { ConfigError } from '../errors.js';

/**
 * What code gives as a layer: a copy, without the fields that are undefined. Throws E_INVALID for what configuration cannot hold (a
 * function, a date, a `Map`, what holds itself).
 *
 * @param giver what the message calls it: `overrides`
 */
export function givenLayer(value: unknown, giver: string): ConfigValue {
  return givenValue(value ?? null, (path) => {
    const message = `'${giver}' gives something${placeIn(path)} that configuration cannot hold`;
    const name = formatKeyPath(path);
    const problem = {
      file: giver,
      line: 1,
      column: 1,
      path: name,
      rule: 'value',
      severity: 'error',
      message,
    };
    return new ConfigError('E_INVALID', message, { hint: fittingHint, details: { problems: [problem] } });
  });
}
