/** Which refs go where (git: git-fetch, CONFIGURED REMOTE-TRACKING BRANCHES and refspecs). Pure. */
import { ConfigError } from '../../errors.js';
import { isRefName } from '../refs/name.js';

export interface Refspec {
  /** Also what is no step forward. */
  readonly force: boolean;
  /** Takes refs out again; has no `to`. */
  readonly negative: boolean;
  /** A full name, with at most one `*`. */
  readonly from: string;
  /** Absent: fetched and not kept. */
  readonly to?: string;
}

/** One rule of `remote.NAME.fetch`. Throws E_USAGE. */
export function parseRefspec(text: string): Refspec {
  const [, sign = '', from = '', to] = /^([+^]?)([^:]*)(?::(.*))?$/.exec(text) ?? [];
  const sides = [from, ...(to === undefined || to === '' ? [] : [to])];
  const stars = sides.map((side) => side.split('*').length - 1);
  const isNegative = sign === '^';
  const isWrong =
    sides.some((side) => !isRefName(side.replace('*', 'x'))) ||
    stars.some((count) => count > 1 || count !== stars[0]) ||
    (isNegative && to !== undefined);
  if (isWrong)
    throw new ConfigError('E_USAGE', `'${text}' is no rule for fetching`, {
      hint: 'it has the form +refs/heads/*:refs/remotes/origin/*',
    });
  return {
    force: sign === '+',
    negative: isNegative,
    from,
    ...(to === undefined || to === '' ? {} : { to }),
  };
}

/** What a ref becomes by one rule; undefined where the rule is not about it, or keeps nothing. */
export function mapRef({ from, to }: Refspec, name: string): string | undefined {
  const inner = matchRef(from, name);
  return inner === undefined || to === undefined ? undefined : to.replace('*', () => inner);
}

/** What the `*` of a pattern stands for; `''` where it has none and is the name itself. */
export function matchRef(pattern: string, name: string): string | undefined {
  const [head = '', tail] = pattern.split('*');
  if (tail === undefined) return pattern === name ? '' : undefined;
  const fits = name.startsWith(head) && name.endsWith(tail) && name.length >= head.length + tail.length;
  return fits ? name.slice(head.length, name.length - tail.length) : undefined;
}
