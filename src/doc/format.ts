/** Which files are which format. */
import type { Format } from './types.js';

const extensions: ReadonlyMap<string, Format> = new Map([
  ['yaml', 'yaml'],
  ['yml', 'yaml'],
  ['json', 'json'],
  ['jsonc', 'json'],
  ['code-workspace', 'json'],
  ['ini', 'ini'],
  ['cfg', 'ini'],
]);

/** Names without an extension of their own that tools read as INI, YAML or JSON. */
const names: ReadonlyMap<string, Format> = new Map([
  ['.editorconfig', 'ini'],
  ['.npmrc', 'ini'],
  ['.flake8', 'ini'],
  ['.pylintrc', 'ini'],
  ['.coveragerc', 'ini'],
  ['.gitconfig', 'ini'],
  ['.gitmodules', 'ini'],
  ['.prettierrc', 'yaml'],
  ['.yamllint', 'yaml'],
  ['.clang-format', 'yaml'],
  ['.clang-tidy', 'yaml'],
  ['.babelrc', 'json'],
  ['.jshintrc', 'json'],
  ['.eslintrc', 'json'],
]);

/** How a file of a format is read. */
export type Dialect = 'json' | 'jsonc' | 'npm' | 'python' | 'yaml';

/** JSON files that their tools read with comments (and commas at the end). */
const commented =
  /(^|\/)(?:[jt]sconfig(?:[.-][^/]*)?\.json|\.?devcontainer\.json|api-extractor\.json|\.(?:eslintrc|babelrc|jshintrc|oxlintrc|swcrc|hintrc)(?:\.json)?|deno\.json|renovate\.json|language-configuration\.json)$|(^|\/)\.(?:vscode|devcontainer)\/[^/]*\.json$|\.(?:jsonc|code-workspace)$/;

/** INI files that Python's configparser (or one like it) reads. */
const python =
  /\.cfg$|(^|\/)(?:tox|platformio|pytest|mypy|alembic|pylint|uwsgi|odoo|buildozer|desc)\.ini$|(^|\/)\.(?:flake8|pylintrc|coveragerc|isort|bumpversion)(?:\.cfg)?$/;

/** The format of a file by its name, `undefined` for plain text. Names are compared in lower case. */
export function formatOf(path: string): Format | undefined {
  const name = (path.split('/').at(-1) ?? '').toLowerCase();
  const dot = name.lastIndexOf('.');
  return names.get(name) ?? extensions.get(dot < 0 ? '' : name.slice(dot + 1));
}

/** The dialect of a file of that format. */
export function dialectOf(format: Format, path: string | undefined): Dialect {
  const name = (path ?? '').toLowerCase();
  if (format === 'yaml') return 'yaml';
  if (format === 'json') return commented.test(name) ? 'jsonc' : 'json';
  return python.test(name) ? 'python' : 'npm';
}
