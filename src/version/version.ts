import { semver } from '../packages.js';
import { ConfigError } from '../errors.js';
import type { Bump } from './bump.js';

/** A semantic version (semver.org 2.0.0). */
export interface Version {
  /** `1.2.3-rc.1`, without build metadata. */
  readonly version: string;
  /** The name of its tag: `v1.2.3-rc.1`. */
  readonly tag: string;
  readonly prerelease: boolean;
}

/** The version that a text or tag name (`1.2.3`, `v1.2.3-rc.1`) is; undefined when it is none. */
export function parseVersion(text: string): Version | undefined {
  const parsed = semver().parse(text);
  if (parsed === null || text.replace(/^v/, '') !== parsed.version) return undefined;
  return { version: parsed.version, tag: `v${parsed.version}`, prerelease: parsed.prerelease.length > 0 };
}

/** A tag whose name is a version, of the whole repository (`v1.2.3`) or of one of its folders (`services/api@1.2.3`). */
export interface TagVersion extends Version {
  /** The folder; `''` for the whole. */
  readonly scope: string;
}

/** The version that the name of a tag is; undefined when it is none. */
export function parseTagName(name: string): TagVersion | undefined {
  const { scope, rest } = splitScope(name);
  const version = parseVersion(rest);
  return version && { ...version, tag: tagNameOf(version.version, scope), scope };
}

/** What the tag of a version is called: `v1.2.3`, or for a folder `services/api@1.2.3`. */
export function tagNameOf(version: string, scope: string): string {
  return scope === '' ? `v${version}` : `${scope}@${version}`;
}

/** The folder and what comes after the `@`: a version or a range of versions. */
function splitScope(text: string): { readonly scope: string; readonly rest: string } {
  const at = text.lastIndexOf('@');
  return at <= 0 ? { scope: '', rest: text } : { scope: text.slice(0, at), rest: text.slice(at + 1) };
}

/**
 * Of some names of tags the one that is highest in a range (`^1.2`) or in a range of a folder's versions (`services/api@^1`); undefined when
 * none is, or the text is no range.
 */
export function highestTagIn(names: readonly string[], text: string): string | undefined {
  const { scope, rest } = splitScope(text);
  if (!isRange(rest)) return undefined;
  const versions = names.flatMap((name) => {
    const version = parseTagName(name);
    return version?.scope === scope ? [{ name, version: version.version }] : [];
  });
  const best = maxSatisfying(
    versions.map(({ version }) => version),
    rest,
  );
  return versions.find(({ version }) => version === best)?.name;
}

/** Order by precedence (semver 2.0.0 section 11), lowest first. Throws E_BAD_VERSION. */
export function compareVersions(a: string, b: string): number {
  return semver().compare(required(a).version, required(b).version);
}

/**
 * The one of `versions` (versions or tag names; others are passed over) that is highest within the range; undefined when none
 * is. Pre-releases only count where the range names one of the same major.minor.patch. Throws E_BAD_VERSION for a bad range.
 */
export function maxSatisfying(versions: readonly string[], range: string): string | undefined {
  return withinRange(versions, range).toSorted(compareVersions).at(-1);
}

/** Those of `versions` that are within the range; see {@link maxSatisfying} for pre-releases. Throws E_BAD_VERSION for a bad range. */
export function withinRange(versions: readonly string[], range: string): readonly string[] {
  if (!isRange(range)) throw badRange(range);
  return versions.filter((text) => parseVersion(text) !== undefined && semver().satisfies(text, range));
}

/** Whether a text is a range of versions (`^1.2`, `1.x`, `>=1 <2`); an exact version is one, an empty text is not. */
export function isRange(text: string): boolean {
  return text.trim() !== '' && semver().validRange(text) !== null;
}

/**
 * The version after the given ones, those that the new one builds on (any order; none yet counts as 0.0.0).
 *
 * The last release is raised by `bump`. Where a pre-release of an even higher version is out already, that version is meant:
 * 1.2.0 and 2.0.0-rc.1 make 2.0.0, whatever the bump. With `preId` the result is the next pre-release of it: `rc` makes 1.3.0-rc.1, then
 * 1.3.0-rc.2. Throws E_BAD_VERSION for an identifier that semver does not allow.
 */
export function nextVersion(
  versions: readonly string[],
  bump: Exclude<Bump, 'none'>,
  preId?: string,
): string {
  const known = versions.map(required);
  const release = highest(known.filter(({ prerelease }) => !prerelease).map(({ version }) => version));
  const begun = known.filter(({ prerelease }) => prerelease).map(({ version }) => coreOf(version));
  const raised = semver().inc(release ?? '0.0.0', bump) ?? '0.0.0';
  const core = highest([raised, ...begun.filter((version) => version !== release)]) ?? raised;
  return preId === undefined ? core : `${core}-${preId}.${nextNumber(known, `${core}-${preId}`)}`;
}

/** One more than the highest `N` of the versions `PREFIX.N`. */
function nextNumber(known: readonly Version[], prefix: string): number {
  if (semver().valid(`${prefix}.1`) === null)
    throw new ConfigError('E_BAD_VERSION', `'${prefix}.1' is not a semantic version`, {
      hint: 'a pre-release identifier has only letters, digits and hyphens: --pre rc',
    });
  const numbers = known
    .map(({ version }) => version)
    .filter((version) => version.startsWith(`${prefix}.`))
    .map((version) => Number(version.slice(prefix.length + 1)))
    .filter(Number.isInteger);
  return Math.max(0, ...numbers) + 1;
}

function coreOf(version: string): string {
  return version.replace(/-.*$/, '');
}

function highest(versions: readonly string[]): string | undefined {
  return versions.toSorted(semver().compare).at(-1);
}

function required(text: string): Version {
  const version = parseVersion(text);
  if (version === undefined) throw badVersion(text);
  return version;
}

/** Build metadata (semver 2.0.0 section 10) does not count for the order of versions: two that differ in it alone would be the same one. */
export function badVersion(text: string): ConfigError {
  const plain = text.replace(/\+[0-9A-Za-z.-]+$/, '');
  if (plain !== text && parseVersion(plain) !== undefined)
    return new ConfigError('E_BAD_VERSION', `'${text}' has build metadata, which tells no versions apart`, {
      hint: `leave it out: ${plain}`,
    });
  return new ConfigError('E_BAD_VERSION', `'${text}' is not a semantic version`, {
    hint: 'write it as MAJOR.MINOR.PATCH, as in 1.4.0',
  });
}

function badRange(range: string): ConfigError {
  return new ConfigError('E_BAD_VERSION', `'${range}' is not a range of versions`, {
    hint: "write it as in '^1.2', '1.x' or '>=1.2 <2'",
  });
}
