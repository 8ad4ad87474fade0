import { ConfigError, closest } from '../errors.js';

/** What people who know git type, and what does that here. */
const habits: Readonly<Record<string, string>> = {
  checkout: 'cfg switch BRANCH goes to a branch, cfg restore PATH takes back a file',
  reset:
    'cfg restore --staged PATH unstages, cfg undo takes back the last command, cfg rollback REV what came since',
  rm: 'delete the file, then: cfg add PATH; a key of it: cfg unset FILE#KEY',
  mv: 'rename the file, then: cfg add -A',
};

/** They work in the same repository, and cfg has nothing of its own for them. */
const leftToGit: ReadonlySet<string> = new Set([
  'am',
  'archive',
  'bisect',
  'config',
  'format-patch',
  'ls-files',
  'notes',
  'rebase',
  'reflog',
  'stash',
  'submodule',
  'worktree',
]);

/** A word that is no command, with what was probably meant by it. `known`: what else could have been typed. */
export function unknownCommand(word: string, known: readonly string[]): ConfigError {
  return new ConfigError('E_USAGE', `unknown command '${word}'`, { hint: hintFor(word, known) });
}

function hintFor(word: string, known: readonly string[]): string {
  const list = "'cfg --help' lists the commands";
  if (Object.hasOwn(habits, word)) return habits[word] ?? list;
  if (leftToGit.has(word)) return `use git for that, it works in the same repository: git ${word}`;
  const near = closest(word, known);
  return near === undefined ? list : `did you mean '${near}'? ${list}`;
}
