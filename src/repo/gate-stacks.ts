import { isConfigError, type ConfigError } from '../errors.js';
import { locate, parseDocument, parseKeyPath, type ConfigDocument, type KeyPath } from '../doc/index.js';
import { loadStack, type ConfigFiles } from '../load/index.js';
import { combinations, type Settings, type Stack, type Variables } from '../settings/index.js';
import type { Oid, RepoPath, Store } from '../store/index.js';
import { plainProblem, type PlainProblem } from './problems.js';
import { beginning } from './schemas.js';
import { settingsPath } from './settings.js';
import { AskedFor, filesOfTree } from './tree-files.js';

export interface StackCheck {
  readonly tree: Oid;
  readonly settings: Settings;
  /** Only stacks that read one of these paths; default: every stack. */
  readonly changed?: ReadonlySet<RepoPath> | undefined;
}

/**
 * Why stacks do not load, in every combination of their `matrix`; each once, with the combinations that it is found in. Nothing is read from the
 * environment, a server or a database, so that everyone gets the same answer; a stack with variables that the matrix does not list
 * cannot be checked, and is not.
 */
export async function stackProblems(store: Store, check: StackCheck): Promise<readonly PlainProblem[]> {
  const problems: PlainProblem[] = [];
  for (const stack of check.settings.stacks.values()) {
    const all = combinations(stack);
    const found = new Map<string, { readonly problem: PlainProblem; readonly hit: Variables[] }>();
    for (const variables of all)
      for (const problem of await problemsOf(store, check, { stack, variables })) {
        const key = JSON.stringify([
          problem.file,
          problem.line,
          problem.column,
          problem.rule,
          problem.message,
        ]);
        const known = found.get(key) ?? { problem, hit: [] };
        known.hit.push(variables);
        found.set(key, known);
      }
    for (const { problem, hit } of found.values())
      problems.push({ ...problem, message: `${problem.message} (${whereOf(stack, hit, all)})` });
  }
  return problems;
}

const maxNamed = 5;

/** `stack app`, or when only some combinations are hit, `stack app: env=dev, env=prod`. */
function whereOf({ name }: Stack, hit: readonly Variables[], all: readonly Variables[]): string {
  if (hit.length === all.length) return `stack ${name}`;
  const named = hit.slice(0, maxNamed).map((variables) =>
    Object.entries(variables)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([variable, value]) => `${variable}=${value}`)
      .join(' '),
  );
  const more = hit.length > maxNamed ? `, and ${hit.length - maxNamed} more` : '';
  return `stack ${name}: ${named.join(', ')}${more}`;
}

async function problemsOf(
  store: Store,
  { tree, settings, changed }: StackCheck,
  { stack, variables }: { readonly stack: Stack; readonly variables: Variables },
): Promise<readonly PlainProblem[]> {
  const asked = new AskedFor();
  try {
    await loadStack(asked.of(filesOfTree(store, tree)), settings, {
      stack: stack.name,
      variables,
      remote: false,
    });
    return [];
  } catch (error) {
    if (!isConfigError(error, ...loadAnswers)) throw error;
    const touched =
      changed === undefined || [...changed].some((path) => path === settingsPath || asked.has(path));
    if (!touched || error.code === 'E_USAGE') return [];
    const found = error.details?.['problems'];
    if (Array.isArray(found) && found.every(isProblem)) return withEnds(found, filesOfTree(store, tree));
    return [await doesNotLoad(error, stack, filesOfTree(store, tree))];
  }
}

/** Errors of loading that say something about the configuration; anything else means that cfg could not look. */
export const loadAnswers = [
  'E_BAD_PATH',
  'E_INVALID',
  'E_LIMIT',
  'E_REVISION_NOT_FOUND',
  'E_SOURCE',
  'E_USAGE',
] as const;

async function doesNotLoad(
  { message }: ConfigError,
  { name }: Stack,
  files: ConfigFiles,
): Promise<PlainProblem> {
  const settings = parseDocument((await files.read(settingsPath)) ?? '', { format: 'yaml' });
  const path: KeyPath = ['stacks', name];
  const range = locate(settings, path, 'key') ?? beginning;
  const problem = { file: settingsPath, rule: 'stack', severity: 'error', path, range } as const;
  return plainProblem({ ...problem, message: `does not load: ${message}` });
}

/** Layers know where a token begins; where it ends, the file tells. */
async function withEnds(
  problems: readonly PlainProblem[],
  files: ConfigFiles,
): Promise<readonly PlainProblem[]> {
  const documents = new Map<RepoPath, ConfigDocument | undefined>();
  const placed: PlainProblem[] = [];
  for (const problem of problems) {
    const { file, line, column } = problem;
    if (!documents.has(file)) documents.set(file, await documentAt(file, files));
    const document = documents.get(file);
    const path = parseKeyPath(problem.path);
    const end = (['value', 'key'] as const)
      .map((part) => document && locate(document, path, part))
      .find((range) => range?.start.line === line && range.start.column === column)?.end;
    placed.push(end === undefined ? problem : { ...problem, endLine: end.line, endColumn: end.column });
  }
  return placed;
}

/** A layer from the environment or from a revision is no file of the tree. */
async function documentAt(file: RepoPath, files: ConfigFiles): Promise<ConfigDocument | undefined> {
  if (file.includes(':') || file === '') return undefined;
  const text = await files.read(file);
  return text === undefined ? undefined : parseDocument(text, { path: file });
}

function isProblem(value: unknown): value is PlainProblem {
  return (
    typeof value === 'object' && value !== null && 'file' in value && 'line' in value && 'message' in value
  );
}
