import { ConfigError, type ErrorCode } from '../errors.js';
import type { PushReport } from '../store/index.js';
import type { RefUpdate } from './remote-types.js';

/** What the server did not do of a push, as an error; undefined where it did everything. */
export function pushFailure(
  url: string,
  sent: readonly RefUpdate[],
  { results, messages }: PushReport,
): ConfigError | undefined {
  const refused = sent.flatMap(({ ref }) => {
    const reason = results.get(ref) ?? null;
    return reason === null ? [] : [{ ref, reason }];
  });
  const [first] = refused;
  if (first === undefined) return undefined;
  const said = spoken(messages);
  const why = said.error === undefined ? first.reason : `${first.reason}: ${said.error}`;
  const name = first.ref.replace(/^refs\/(heads|tags)\//, '');
  return new ConfigError(codeFor(first.reason), `'${url}' refused '${name}': ${why}`, {
    hint: said.hint ?? hintFor(first.reason),
    details: { url, refused, messages },
  });
}

/** A hook that speaks as cfg does says what is wrong and what to do; of any other one the last lines count. */
function spoken(messages: readonly string[]): { readonly error?: string; readonly hint?: string } {
  const after = (word: string): string | undefined =>
    messages.find((line) => line.startsWith(`${word}: `))?.slice(word.length + 2);
  const [error, hint] = [after('error') ?? messages.slice(-2).join('; '), after('hint')];
  return { ...(error === '' ? {} : { error }), ...(hint === undefined ? {} : { hint }) };
}

const stale = /fast-forward|fetch first|stale|failed to update ref|failed to lock|already exists|reference/i;
const rule = /hook declined|protected|prohibited|denied|denying|not allowed|currently checked out/i;

function codeFor(reason: string): ErrorCode {
  if (rule.test(reason)) return 'E_PROTECTED';
  return stale.test(reason) ? 'E_STALE' : 'E_REMOTE';
}

function hintFor(reason: string): string {
  if (/checked out/i.test(reason))
    return 'push to a bare repository, or to another branch: cfg push REMOTE BRANCH:OTHER';
  if (rule.test(reason))
    return 'the server has rules of its own: push another branch and merge it where they are kept';
  return stale.test(reason)
    ? 'somebody was faster: cfg pull, then push again'
    : 'see what the server says above';
}
