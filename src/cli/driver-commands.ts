/**
 * The shell commands that Git runs as drivers. They stand in the configuration as a whole, so that no script can be missing, and
 * never leave Git with a file that nobody merged: whatever keeps cfg from answering, `git merge-file` (or `git diff`) does the work.
 */

const fileLimit = 7;

/**
 * The merge driver: cfg answers on stdout with `merged …` or `conflict …`. Nothing else counts, no exit code either: a broken
 * installation exits with 1 as well, and another program named cfg with anything. Git reads an exit code above 128 as ours, without markers.
 */
export function mergeDriverCommand(self: readonly string[] | undefined): string {
  const steps = [
    'set -- %O %A %B %L %P %S %X %Y',
    `out=$(${runCfg(self, 'merge-driver -- "$@"')})`,
    'case "$out" in merged*) exit 0;; conflict*) printf \'%s\\n\' "$out"; exit 1;; esac',
    'printf \'cfg cannot run: %s is merged by line\\n\' "$5" >&2',
    'ours=$7; theirs=$8; test "$ours" = "%X" && ours=ours; test "$theirs" = "%Y" && theirs=theirs',
    'git merge-file -q --marker-size="$4" -L "$ours" -L base -L "$theirs" "$2" "$1" "$3" || exit 1',
  ];
  return steps.map((step, at) => (at === 0 ? step : step.replaceAll('%', '%%'))).join('; ');
}

/** The external diff; Git adds its seven to nine arguments, or just the path of a file that is in conflict. */
export function diffDriverCommand(self: readonly string[] | undefined): string {
  const steps = [
    'git config --get-colorbool color.diff && export FORCE_COLOR=1',
    `if test $# -lt ${fileLimit}; then printf '* Unmerged path %s\\n' "$1"; return; fi`,
    `${runCfg(self, 'diff-driver -- "$@"')} || git --no-pager diff --no-index --no-ext-diff -- "$2" "$5" || true`,
  ];
  return `cfg_diff() { ${steps.join('; ')}; }; cfg_diff`;
}

/**
 * The `pre-commit` hook: what is staged has to be valid. A hook that was there before runs first. Where cfg is gone, commits go on: a hook
 * stands in a folder that nobody reviews, and must not lock anyone out.
 */
export function preCommitHook(self: readonly string[] | undefined): string {
  return [
    'before="$(dirname "$0")/pre-commit.before-cfg"',
    'if test -x "$before"; then "$before" "$@" || exit; fi',
    runCfg(self, 'validate --staged --format human --quiet'),
    'status=$?',
    'case $status in',
    '0) exit 0;;',
    "126|127) echo 'cfg cannot run: what is staged was not validated' >&2; exit 0;;",
    "1) echo 'not committed: what is staged is not valid (git commit --no-verify skips this check)' >&2;;",
    "*) echo 'not committed: cfg could not validate what is staged (git commit --no-verify skips this check)' >&2;;",
    'esac',
    'exit $status',
    '',
  ].join('\n');
}

/** The hook of a server; without cfg no push gets in. */
export function serverHookCommand(self: readonly string[] | undefined): string {
  return runCfg(self, 'hooks pre-receive');
}

/** This very program where it still is, else the one that PATH has. */
function runCfg(self: readonly string[] | undefined, words: string): string {
  const [node, script] = [self?.[0], self?.at(-1)];
  if (self === undefined || node === undefined || script === undefined) return `cfg ${words}`;
  const here = `test -x ${quoted(node)} && test -r ${quoted(script)}`;
  return `if ${here}; then ${self.map(quoted).join(' ')} ${words}; else cfg ${words}; fi`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
