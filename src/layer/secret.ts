/** What ends the names of secrets, in words: `password_policy` and `token_url` are none. */
const secretWords =
  /(?:^| )(?:pass(?:word|wd|phrase|code)?s?|pwd|secrets?|tokens?|credentials?|bearer|dsn|(?:api|private|secret|access|signing|encryption|master|auth|session|client|ssh|gpg|deploy|shared|storage|account) ?keys?)(?: (?:value|text|plain|base ?64|b64|hash|\d+))*$/;
const runTogether = /(?:password|passwd|passphrase|secret|apikey|privatekey|accesskey|secretkey)$/;
/** `max_tokens` counts, and holds none. */
const amounts = /(?:^| )(?:max|min|num|count|total|limit)(?: |$)/;

/** Whether a key looks like that of a secret: `password`, `db_password`, `apiKey`, `AWS-SECRET-ACCESS-KEY`, `tokens`. */
export function looksSecret(key: string): boolean {
  const words = key
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/[^A-Za-z\d]+/g, ' ')
    .trim()
    .toLowerCase();
  return (secretWords.test(words) || runTogether.test(words)) && !amounts.test(words);
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
