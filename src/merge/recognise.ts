/** Files that must not be merged by key: nobody edits them by hand, or a merge would break what seals them. */

/** Why a file is left to the line merge: a rule for the note, and its message. */
export interface LineOnly {
  readonly rule: 'lock-file' | 'ciphertext' | 'template';
  readonly message: string;
}

/** Undefined when the file may be merged by key. */
export function lineOnly(path: string, texts: readonly string[]): LineOnly | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isLockFile(name))
    return { rule: 'lock-file', message: 'a lock file is merged by line; write it anew with its own tool' };
  if (texts.some(isCiphertext))
    return {
      rule: 'ciphertext',
      message: 'an encrypted file with a checksum over all of it is merged by line',
    };
  if (texts.some(isTemplate)) return { rule: 'template', message: 'a template is merged by line' };
  return undefined;
}

const lockFiles = new Set([
  'npm-shrinkwrap.json',
  'package-lock.json',
  'packages.lock.json',
  'pnpm-lock.yaml',
  'conda-lock.yml',
  'pubspec.lock',
]);

function isLockFile(name: string): boolean {
  return lockFiles.has(name) || /(?:[.-]lock|\.lockfile)(?:\.(?:json|ya?ml))?$/i.test(name);
}

/** SOPS keeps a MAC over all values; ansible-vault and age encrypt the file as one. */
function isCiphertext(text: string): boolean {
  return (
    /^(?:\$ANSIBLE_VAULT;|-----BEGIN AGE ENCRYPTED FILE-----)/.test(text) ||
    (/ENC\[AES256_GCM,data:/.test(text) && /^\s*"?(?:sops_)?mac"?\s*[:=]/m.test(text))
  );
}

/** Go and Jinja templates: a directive where a line or an unquoted value begins. */
function isTemplate(text: string): boolean {
  return /^[ \t]*(?:- |[\w."'/-]+[ \t]*[:=][ \t]*)?(?:\{\{|\{%)/m.test(text);
}
