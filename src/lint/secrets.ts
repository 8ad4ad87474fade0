import { isList, isMap, type ConfigValue, type KeyPath } from '../doc/index.js';

/** Words that a key ends in when its value is meant to be known to few. */
const telling =
  /(?:^|[-_. ])(?:pass(?:word|wd|phrase)?|pwd|secrets?|tokens?|credentials?|api[-_ ]?keys?|(?:access|account|auth|encryption|private|secret|shared|signing|storage)[-_ ]?keys?)$/;

/** Keys that end in such a word and hold nothing secret. */
const harmless =
  /public|csrf|(?:^|[-_. ])(?:max|min|num|page|next|continuation|cancellation|stop|pad|eos|bos|unk)[-_. ]/;

const mostKnown = 10_000;
/** The same keys stand in many files. */
const knownKeys = new Map<string, boolean>();

/** Whether values of a key are meant to be known to few: `db.password`, `API_KEY`, `clientSecret`. */
export function isTellingKey(key: string): boolean {
  const known = knownKeys.get(key);
  if (known !== undefined) return known;
  const answer = endsTelling(key);
  if (knownKeys.size >= mostKnown) knownKeys.clear();
  knownKeys.set(key, answer);
  return answer;
}

function endsTelling(key: string): boolean {
  const words = key
    .slice(-200)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
  return telling.test(words) && !harmless.test(words);
}

/** Whether a key path leads through a telling key. */
export function isSecretPath(path: KeyPath): boolean {
  return path.some((segment) => typeof segment === 'string' && isTellingKey(segment));
}

/** Tokens that their issuers made recognisable, and nothing else looks like. */
const shapes: readonly (readonly [name: string, shape: RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----\s*[A-Za-z0-9+/=:\n\r ]{40}/],
  ['an AWS access key', /(?<![A-Z0-9])A(?:KIA|SIA)[A-Z2-7]{16}(?![A-Z0-9])/],
  [
    'a GitHub token',
    /(?<![A-Za-z0-9])(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})(?![A-Za-z0-9])/,
  ],
  ['a GitLab token', /(?<![A-Za-z0-9])gl(?:pat|ptt|rt|dt|ft)-[A-Za-z0-9_-]{20}/],
  ['a Slack token', /(?<![A-Za-z0-9])xox[abeoprs]-\d[0-9A-Za-z-]{19,250}/],
  ['a Slack webhook', /hooks\.slack\.com\/services\/T[A-Z0-9]{8,12}\/B[A-Z0-9]{8,12}\/[A-Za-z0-9]{20,30}/],
  ['a Stripe key', /(?<![A-Za-z0-9])[rs]k_live_[0-9A-Za-z]{24}/],
  ['a Google API key', /(?<![A-Za-z0-9])AIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/],
  ['an npm token', /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/],
  ['a PyPI token', /pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50}/],
  ['a SendGrid key', /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/],
  ['an Anthropic key', /(?<![A-Za-z0-9])sk-ant-[a-z0-9]{3,10}-[A-Za-z0-9_-]{40}/],
  ['an OpenAI key', /(?<![A-Za-z0-9])sk-(?:proj-)?[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}/],
  ['a Vault token', /(?<![A-Za-z0-9])hvs\.[A-Za-z0-9_-]{24}/],
  ['a DigitalOcean token', /(?<![A-Za-z0-9])do[oprt]_v1_[a-f0-9]{64}/],
];

/** What stands for a value that comes from elsewhere, or is no value yet. */
const placeholder =
  /[${}<>%\s]|\.\.\.|\*{3}|x{6}|^(?:ENC|vault|env|ref|file|secret|op|ssm|arn|https?|!)[:([]|example|change[-_]?me|placeholder|dummy|redacted|your[-_]|insert|replace/i;

/** A word, or several with marks between them: a name of something rather than a secret. */
const nameLike = /^[A-Za-z]*(?:[-_./:][A-Za-z]*\d{0,4})*$/;

const minLength = 16;
/** Shannon entropy in bits a character; random hexadecimal has 3.3 from 20 digits on, random Base64 above 3.7, words less. */
const minEntropy = 3.2;

/** What a value looks like, when it looks like a secret in plain text: `a GitHub token`, `a secret`. Linear in its length. */
export function secretKind(path: KeyPath, value: string): string | undefined {
  const key = path.findLast((segment) => typeof segment === 'string');
  const kind = secretUnder(key, value);
  return kind === unnamed && isEncrypted(path) ? undefined : kind;
}

/** What there is no better name for. */
const unnamed = 'a secret';

/** The same from the last key of the path alone, which does not tell whether the value is encrypted. */
export function secretUnder(key: string | undefined, value: string): string | undefined {
  const known = value.length < minLength ? undefined : shapes.find(([, shape]) => shape.test(value));
  if (known !== undefined) return /EXAMPLE|x{6}|\*{3}/i.test(value) ? undefined : known[0];
  if (hasPasswordInUrl(value)) return 'a URL with a password';
  return key !== undefined && isTellingKey(key) && isRandom(value) ? unnamed : undefined;
}

/** Values that a tool has encrypted stand under keys that say so. */
function isEncrypted(path: KeyPath): boolean {
  return path.some((segment) => typeof segment === 'string' && /encrypted|sealed|^sops$/i.test(segment));
}

function hasPasswordInUrl(value: string): boolean {
  if (!value.includes('://')) return false;
  const password = /^[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{1,100}:([^\s/:@]{8,200})@[^\s/@]/i.exec(value)?.[1];
  return password !== undefined && !placeholder.test(password) && isMixed(password);
}

function isRandom(value: string): boolean {
  if (value.length < minLength || value.length > 4096 || placeholder.test(value)) return false;
  return isMixed(value) && !nameLike.test(value) && entropyOf(value) >= minEntropy;
}

function isMixed(value: string): boolean {
  return /[A-Za-z]/.test(value) && /\d/.test(value);
}

function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const mask = '***';

/** A value to show, in which scalars at telling keys and what looks like a secret are masked. `path` is where it stands. */
export function maskSecrets(value: ConfigValue, path: KeyPath): ConfigValue {
  if (isList(value)) return value.map((item, index) => maskSecrets(item, [...path, index]));
  if (isMap(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, maskSecrets(item, [...path, key])]),
    );
  if (value === null || typeof value === 'boolean') return value;
  return isSecretPath(path) || secretKind(path, String(value)) !== undefined ? mask : value;
}

/** A line of a file to show, in which values of telling keys and what looks like a secret are masked. */
export function maskLine(line: string): string {
  const assigned = /^(\s*(?:-\s+)*["']?([^"':=\s][^"':=]{0,199})["']?\s*[:=]\s*["']?)(.+)$/.exec(line);
  const key = assigned?.[2]?.trim();
  if (assigned !== null && key !== undefined && isTellingKey(key)) return `${assigned[1] ?? ''}${mask}`;
  return line.replace(/[A-Za-z0-9+/_=.-]{16,}/g, (word) =>
    secretKind(['token'], word) === undefined && word.length < 60 ? word : mask,
  );
}
