/** How a failure of the other side is told. */
import { ConfigError } from '../../errors.js';

export interface RemoteFailure {
  readonly hint?: string;
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** E_REMOTE: `what` failed at `url`, which has no credentials in it. */
export function remoteError(
  url: string,
  what: string,
  { hint, cause, details }: RemoteFailure = {},
): ConfigError {
  return new ConfigError('E_REMOTE', `'${url}' ${what}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { url, ...details },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The other side stopped in the middle of something. */
export function cutOff(url: string, cause?: unknown): ConfigError {
  return remoteError(url, 'broke off the transfer', {
    hint: 'nothing was changed here: run the command again',
    cause,
  });
}
