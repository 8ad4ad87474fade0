import { ConfigError } from '../../errors.js';
import type { ConfigValue, KeyPath } from '../../doc/index.js';
import type { Config } from '../../load/index.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { visible, type Style } from '../render/style.js';
import { cellsOf } from '../render/cells.js';
import { inline, lines, padded } from '../render/text.js';
import { sourceWarnings } from '../stack-warnings.js';
import { loadTyped, revealOption, stackOptions } from '../stack.js';

interface Answer {
  readonly only: Readonly<Record<string, readonly { readonly path: string; readonly value: ConfigValue }[]>>;
  readonly different: readonly {
    readonly path: string;
    readonly values: Readonly<Record<string, ConfigValue>>;
  }[];
}

export const command: CommandSpec = {
  usage: ['compare [STACK] -e A -e B [-e C …] [--reveal]'],
  about:
    'Shows what differs between environments of a stack, by key of the merged configuration, as a table with a column for each environment.',
  arguments: [
    { name: 'STACK', about: 'the stack (default: the only one, or the one called default or app)' },
  ],
  options: [
    { flags: '-e, --env <ENV>', about: 'an environment; give two or more', repeat: true },
    ...stackOptions.filter(({ flags }) => !flags.startsWith('-e')),
    revealOption,
  ],
  examples: [
    { command: 'cfg compare app -e staging -e prod', about: 'what will be different in production?' },
    { command: 'cfg compare app -e dev -e staging -e prod', about: 'three side by side' },
    { command: 'cfg compare -e dev -e prod --rev v1.2.0 --json', about: 'in a release, for a program' },
  ],
  answer:
    '{only: {A: [{path, value}], B: [{path, value}]}, different: [{path, values: {A, B}}]}, A and B the names of the environments; of three or more, values leaves out those without the key',
  run: async (session, input) => {
    const names = environmentsOf(input);
    const sides: Side[] = [];
    for (const name of names)
      sides.push({ name, config: await loadTyped(session, input.with({ env: name }), input.operands[0]) });
    const answer = await compare(sides, input.flag('reveal'));
    const warnings = [...new Set(sides.flatMap(({ config }) => sourceWarnings(config)))];
    return { answer, text: (style) => render(answer, names, style), warnings };
  },
};

function environmentsOf(input: Input): readonly string[] {
  const names = input.texts('env');
  if (names.length >= 2 && new Set(names).size === names.length) return names;
  throw new ConfigError('E_USAGE', "'compare' needs two environments or more, each once", {
    hint: 'cfg compare -e staging -e prod',
  });
}

interface Side {
  readonly name: string;
  readonly config: Config;
}

async function compare(sides: readonly Side[], reveal: boolean): Promise<Answer> {
  const { formatKeyPath } = await import('../../doc/index.js');
  const rows = (await differences(sides)).map(({ path, values }) => {
    const text = formatKeyPath(path);
    const hide = (value: ConfigValue): ConfigValue =>
      reveal ? value : sides.reduce((hidden, { config }) => config.mask(hidden, text), value);
    return { path: text, values: [...values].map(([name, value]) => [name, hide(value)] as const) };
  });
  const only = sides.map(({ name }): [string, Answer['only'][string]] => {
    const own = rows.filter(({ values }) => values.length === 1 && values[0]?.[0] === name);
    return [name, own.map(({ path, values }) => ({ path, value: values[0]?.[1] ?? null }))];
  });
  const different = rows.filter(({ values }) => values.length > 1);
  return {
    only: Object.fromEntries(only),
    different: different.map(({ path, values }) => ({ path, values: Object.fromEntries(values) })),
  };
}

interface Difference {
  readonly path: KeyPath;
  /** By name of the environment, those that have the key. */
  readonly values: ReadonlyMap<string, ConfigValue>;
}

/** A list that not all have in the same length is shown whole, since its items need not correspond; so it is when there are more than two. */
async function differences(sides: readonly Side[]): Promise<readonly Difference[]> {
  const [{ diffValues }, { formatKeyPath, lookup }] = await Promise.all([
    import('../../diff/index.js'),
    import('../../doc/index.js'),
  ]);
  const [first, ...others] = sides;
  if (first === undefined) return [];
  const paths = others
    .flatMap(({ config }) => diffValues(first.config.value, config.value))
    .map(({ path, kind }) => {
      const inPlace = others.length === 1 && (kind === 'changed' || kind === 'type-changed');
      return inPlace ? path : path.slice(0, listStart(path));
    });
  const distinct = outermost(new Map(paths.map((path) => [formatKeyPath(path), path])));
  return distinct.map((path) => {
    const found = sides.map(({ name, config }) => [name, lookup(config.value, path)] as const);
    return {
      path,
      values: new Map(
        found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
      ),
    };
  });
}

function listStart(path: KeyPath): number {
  const index = path.findIndex((step) => typeof step !== 'string');
  return index < 0 ? path.length : index;
}

/** The paths that are not inside of another one, sorted. */
function outermost(paths: ReadonlyMap<string, KeyPath>): readonly KeyPath[] {
  const names = [...paths.values()].map((path) => JSON.stringify(path).slice(0, -1));
  const inner = (path: KeyPath): boolean => {
    const own = JSON.stringify(path).slice(0, -1);
    return names.some((name) => own !== name && own.startsWith(name === '[' ? name : `${name},`));
  };
  return [...paths]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, path]) => (inner(path) ? [] : [path]));
}

/** A row for each key that differs, a column for each environment; `-` where one does not have the key. */
function render({ only, different }: Answer, names: readonly string[], style: Style): string {
  const alone = Object.entries(only).flatMap(([name, found]) =>
    found.map(({ path, value }) => ({ path, values: { [name]: value } })),
  );
  const all: Answer['different'] = [...alone, ...different];
  if (all.length === 0) return lines([`${names.map(visible).join(' and ')} are the same`]);
  const rows = all.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const longest = Math.max(...rows.map(({ path }) => cellsOf(visible(path))));
  const room = Math.floor((style.columns - Math.min(longest, 40) - 2 * names.length) / names.length);
  const cells = rows.map(({ path, values }) => [
    visible(path),
    ...names.map((name) => (Object.hasOwn(values, name) ? inline(values[name], room) : '-')),
  ]);
  const [head = [], ...body] = padded([['KEY', ...names.map(visible)], ...cells], style.columns / 2);
  return lines([style.bold(head.join('  ')), ...body.map((row) => row.join('  '))]);
}
