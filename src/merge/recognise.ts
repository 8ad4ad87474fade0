/** Files that must not be merged by key: nobody edits them by hand, or a merge would break what seals them. */

import type { ConfigDocument, DocumentTree, Node, ScalarNode } from '../doc/index.js';

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
  return undefined;
}

/** Like {@link lineOnly}, for what only the parsed versions tell: a file with directives. */
export function templateOnly(documents: readonly ConfigDocument[]): LineOnly | undefined {
  return documents.some(isTemplate)
    ? { rule: 'template', message: 'a template is merged by line' }
    : undefined;
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
const directive = /^[ \t]*(?:- |[\w."'/-]+[ \t]*[:=][ \t]*)?(?:\{\{|\{%)/gm;

/** In a string of several lines a directive is text, which somebody else will expand. */
function isTemplate({ text, tree, format }: ConfigDocument): boolean {
  const found = [...text.matchAll(directive)].map(({ index, 0: match }) => index + match.length - 2);
  if (found.length === 0 || tree === undefined || format !== 'yaml') return found.length > 0;
  const inText = stringsOf(tree);
  return found.some((at) => !inText.some(({ offset, end }) => offset < at && at < end));
}

/** The strings of several lines. */
function stringsOf(tree: DocumentTree): readonly ScalarNode[] {
  const strings: ScalarNode[] = [];
  const visit = (node: Node): void => {
    if (node.kind !== 'scalar') for (const { value } of node.entries) visit(value);
    else if (node.text.includes('\n')) strings.push(node);
  };
  for (const { value } of tree.documents) visit(value);
  return strings;
}
