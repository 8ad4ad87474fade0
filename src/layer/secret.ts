import { isSecretPath } from '../lint/index.js';

/** Whether a key looks like that of a secret: `password`, `db_password`, `apiKey`, `AWS-SECRET-ACCESS-KEY`, `tokens`. */
export function looksSecret(key: string): boolean {
  return isSecretPath([key]);
}

/** What stands for a secret value. */
export const maskedText = '***';

/** A URL as it may be shown: without user and password, and without the values of parameters that look secret. */
export function publicUrl(url: string): string {
  return url
    .replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1')
    .replace(/([?&#])([^=&#]*)=([^&#]*)/g, (found, mark: string, name: string) =>
      looksSecret(name) || name.toLowerCase() === 'key' || name.toLowerCase() === 'sig'
        ? `${mark}${name}=${maskedText}`
        : found,
    );
}
