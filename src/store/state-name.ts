import { ConfigError } from '../errors.js';

/** Throws E_BAD_PATH for a name that leads out of the Git folder. */
export function checkStateName(name: string): void {
  if (/^[^/\0]+(\/[^/\0]+)*$/.test(name) && !/(^|\/)\.\.?(\/|$)/.test(name)) return;
  throw new ConfigError('E_BAD_PATH', `not a file of the Git folder: '${name}'`);
}
