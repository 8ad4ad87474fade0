import type { ConfigError } from '../../errors.js';
import { problemsOf } from '../problems.js';
import type { InvalidConfig } from './types.js';

/** An error of reading as what listeners are told: with the places that it names, or the source as a whole. */
export function invalidConfig(error: ConfigError): InvalidConfig {
  const problems = problemsOf(error);
  return {
    ...problems[0],
    code: error.code,
    ...(error.hint !== undefined && { hint: error.hint }),
    problems,
  };
}
