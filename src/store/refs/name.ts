/** Which names a ref may have (git: git-check-ref-format, refs.c check_refname_format). */
import { ConfigError } from '../../errors.js';

const forbiddenPart = /^\.|\.lock$|^$/;
// oxlint-disable-next-line no-control-regex -- they are what the rule is about
const forbidden = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\.$|^@$/;

/** Whether `git check-ref-format NAME` accepts it: a full name with at least one slash. */
export function isRefName(name: string): boolean {
  return (
    !forbidden.test(name) && name.includes('/') && !name.split('/').some((part) => forbiddenPart.test(part))
  );
}

/** HEAD and its kin: `MERGE_HEAD`, `ORIG_HEAD`. */
export function isRootRefName(name: string): boolean {
  return /^[A-Z][A-Z_]*$/.test(name);
}

/** Throws E_BAD_REF_NAME unless `name` is a full name (`refs/heads/main`) or one of HEAD's kin. */
export function checkRefName(name: string): void {
  if (isRootRefName(name) || (name.startsWith('refs/') && isRefName(name))) return;
  throw badName(name, "a name has no spaces, no '..', and none of ~^:?*[\\");
}

/** Throws E_BAD_REF_NAME unless Git allows a branch of that short name (`git check-ref-format --branch`). */
export function checkBranchName(name: string): void {
  if (isReserved(name) || !isRefName(`refs/heads/${name}`))
    throw badName(
      name,
      "a branch name has no spaces, no '..', none of ~^:?*[\\, and does not begin with '-'",
    );
}

/** Throws E_BAD_REF_NAME unless Git allows a tag of that short name. */
export function checkTagName(name: string): void {
  if (isReserved(name) || !isRefName(`refs/tags/${name}`))
    throw badName(name, "a tag name has no spaces, no '..', none of ~^:?*[\\, and does not begin with '-'");
}

/** Throws E_BAD_REF_NAME unless a remote can have that name: its branches are refs below it. */
export function checkRemoteName(name: string): void {
  if (name.startsWith('-') || !isRefName(`refs/remotes/${name}/x`))
    throw badName(
      name,
      "the name of a remote has no spaces, no '..', none of ~^:?*[\\, and does not begin with '-'",
    );
}

/** As a revision these would mean something else: an option, or HEAD. */
function isReserved(name: string): boolean {
  return name.startsWith('-') || name === 'HEAD' || name === '@';
}

function badName(name: string, hint: string): ConfigError {
  return new ConfigError('E_BAD_REF_NAME', `'${name}' is not a name that Git allows`, {
    hint,
    details: { name },
  });
}
