/** Globs over repository paths and key paths. */
import { picomatch } from '../packages.js';
import { ConfigError } from '../errors.js';
import type { KeyPath } from './types.js';

/**
 * Whether a repository path matches a glob. `*` stays inside a folder, `**` does not, `{a,b}` is either, `[!ab]` any other character;
 * names that begin with a dot match like others.
 */
export function matchPath(glob: string, repoPath: string): boolean {
  return matcherOf(glob)(repoPath);
}

/**
 * Whether a key path matches a glob of keys, from the root of the document: `image.tag`, `spec.*.image`, `**.tag` (at any depth),
 * `containers[*].image`, `labels."app.kubernetes.io/*"`. `*` is one step, an index or `[name=web]` included; `**` is any
 * number of steps.
 */
export function matchKeyPath(glob: string, path: KeyPath): boolean {
  if (glob === '' || path.length === 0) return glob === '**' || (glob === '' && path.length === 0);
  return matcherOf(stepsOfGlob(glob))(path.map(stepOf).join('/'));
}

/** Whether a rule of `cfg.yaml` such as `services/*.yaml#containers` applies to a key of a file; without `#` to every key. */
export function matchRule(glob: string, repoPath: string, path: KeyPath): boolean {
  const hash = glob.indexOf('#');
  if (hash < 0) return matchPath(glob, repoPath);
  return matchPath(glob.slice(0, hash), repoPath) && matchKeyPath(glob.slice(hash + 1), path);
}

/** Stands for a `/` inside of a key, which would otherwise end a step. */
const slash = '\u2215';

function stepOf(segment: KeyPath[number]): string {
  if (typeof segment === 'number') return String(segment);
  const text =
    typeof segment === 'string'
      ? segment
      : Object.entries(segment)
          .map(([field, value]) => `${field}=${value}`)
          .join(',');
  return text.replaceAll('/', slash);
}

/** `a.*[0]."x.y"` as the path glob `a/ * /0/x.y`. */
function stepsOfGlob(glob: string): string {
  return glob
    .replaceAll('/', slash)
    .replace(/"((?:[^"\\]|\\.)*)"|\.?\[([^\]]*)\]|\./g, (found, quoted?: string, inner?: string) => {
      if (quoted !== undefined) return quoted;
      return inner === undefined ? '/' : `/${inner}`;
    })
    .replace(/^\//, '');
}

const maxGlobLength = 1000;
/** Wildcards of one kind that follow each other cost the length of the text to the power of their number. */
const maxWildcards = 3;
const matchers = new Map<string, (text: string) => boolean>();

function matcherOf(glob: string): (text: string) => boolean {
  const known = matchers.get(glob);
  if (known !== undefined) return known;
  if (glob === '' || glob.length > maxGlobLength) {
    throw new ConfigError('E_BAD_PATH', `a glob has 1 to ${maxGlobLength} characters`);
  }
  if (isCostly(glob)) {
    const message = `glob '${glob}' has more than ${maxWildcards} '**', or '*' in one step`;
    throw new ConfigError('E_BAD_PATH', message);
  }
  const expression = picomatch().makeRe(glob, {
    dot: true,
    strictSlashes: true,
    nonegate: true,
    posix: true,
    noextglob: true,
  });
  const matcher = (text: string): boolean => text !== '' && (text === glob || expression.test(text));
  matchers.set(glob, matcher);
  return matcher;
}

function isCostly(glob: string): boolean {
  const globstars = glob.match(/\*{2,}/g)?.length ?? 0;
  const inSteps = glob.split('/').map((step) => step.match(/\*+/g)?.length ?? 0);
  return globstars > maxWildcards || inSteps.some((count) => count > maxWildcards);
}
