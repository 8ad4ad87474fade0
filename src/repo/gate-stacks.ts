import { ConfigError } from '../errors.js';
import { loadStack } from '../load/index.js';
import type { Settings, Stack } from '../settings/index.js';
import type { Oid, RepoPath, Store } from '../store/index.js';
import type { PlainProblem } from './problems.js';
import { settingsPath } from './settings.js';
import { filesOfTree, recordingFiles } from './tree-files.js';

export interface StackCheck {
  readonly tree: Oid;
  readonly settings: Settings;
  /** Only stacks that read one of these paths; default: every stack. */
  readonly changed?: ReadonlySet<RepoPath> | undefined;
}

/**
 * Why stacks do not load, in every combination of their `matrix`. Nothing is read from the environment, a server or a database, so
 * that everyone gets the same answer; a stack with variables that the matrix does not list cannot be checked, and is not.
 */
export async function stackProblems(store: Store, check: StackCheck): Promise<readonly PlainProblem[]> {
  const problems: PlainProblem[] = [];
  for (const stack of check.settings.stacks.values())
    for (const variables of combinations(stack))
      problems.push(...(await problemsOf(store, check, { stack, variables })));
  return problems;
}

export type Variables = Readonly<Record<string, string>>;

/** Every combination of the values in a stack's `matrix`; one without variables where there is none. */
export function combinations({ matrix }: Stack): readonly Variables[] {
  let all: Variables[] = [{}];
  for (const [name, values] of matrix)
    all = all.flatMap((some) => values.map((value) => Object.assign({ [name]: value }, some)));
  return all;
}

async function problemsOf(
  store: Store,
  { tree, settings, changed }: StackCheck,
  { stack, variables }: { readonly stack: Stack; readonly variables: Variables },
): Promise<readonly PlainProblem[]> {
  const read = new Set<RepoPath>([settingsPath]);
  try {
    await loadStack(recordingFiles(filesOfTree(store, tree), read), settings, {
      stack: stack.name,
      variables,
      remote: false,
    });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const touched = changed === undefined || [...read].some((path) => changed.has(path));
    return touched && error.code !== 'E_USAGE' ? problemsIn(error, stack) : [];
  }
}

function problemsIn(error: ConfigError, stack: Stack): readonly PlainProblem[] {
  const found = error.details?.['problems'];
  if (Array.isArray(found) && found.every(isProblem)) return found;
  const rule = 'stack';
  const message = `stack '${stack.name}' does not load: ${error.message}`;
  return [
    {
      file: settingsPath,
      line: 1,
      column: 1,
      path: `stacks.${stack.name}`,
      rule,
      severity: 'error',
      message,
    },
  ];
}

function isProblem(value: unknown): value is PlainProblem {
  return (
    typeof value === 'object' && value !== null && 'file' in value && 'line' in value && 'message' in value
  );
}
