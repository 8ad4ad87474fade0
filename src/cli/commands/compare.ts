import { ConfigError } from '../../errors.js';
import type { ConfigValue } from '../../doc/index.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { visible, type Style } from '../render/style.js';
import { inline, lines } from '../render/text.js';
import { loadTyped, stackOptions } from '../stack.js';

interface Answer {
  readonly only: Readonly<Record<string, readonly { readonly path: string; readonly value: ConfigValue }[]>>;
  readonly different: readonly {
    readonly path: string;
    readonly values: Readonly<Record<string, ConfigValue>>;
  }[];
}

export const command: CommandSpec = {
  usage: ['compare [STACK] -e A -e B'],
  about: 'Shows what differs between two environments of a stack, by key of the merged configuration.',
  arguments: [
    { name: 'STACK', about: 'the stack (default: the only one, or the one called default or app)' },
  ],
  options: [
    { flags: '-e, --env <ENV>', about: 'an environment; give two', repeat: true },
    ...stackOptions.filter(({ flags }) => !flags.startsWith('-e')),
  ],
  examples: [
    { command: 'cfg compare app -e staging -e prod', about: 'what will be different in production?' },
    { command: 'cfg compare -e dev -e prod --rev v1.2.0 --json', about: 'in a release, for a program' },
  ],
  answer:
    '{only: {A: [{path, value}], B: [{path, value}]}, different: [{path, values: {A, B}}]}, A and B the names of the environments',
  run: async (session, input) => {
    const [a, b] = twoOf(input);
    const config = async (env: string): Promise<ConfigValue> =>
      (await loadTyped(session, input.with({ env }), input.operands[0])).value;
    const answer = await compare({ name: a, value: await config(a) }, { name: b, value: await config(b) });
    return { answer, text: (style) => render(answer, [a, b], style) };
  },
};

function twoOf(input: Input): readonly [string, string] {
  const [a, b, more] = input.texts('env');
  if (a !== undefined && b !== undefined && more === undefined && a !== b) return [a, b];
  throw new ConfigError('E_USAGE', "'compare' needs two environments", {
    hint: 'cfg compare -e staging -e prod',
  });
}

interface Side {
  readonly name: string;
  readonly value: ConfigValue;
}

async function compare(a: Side, b: Side): Promise<Answer> {
  const [{ diffValues }, { formatKeyPath }] = await Promise.all([
    import('../../diff/index.js'),
    import('../../doc/index.js'),
  ]);
  const changes = diffValues(a.value, b.value).map(({ path, kind, before = null, after = null }) => {
    return { path: formatKeyPath(path), kind, before, after };
  });
  const onlyA = changes.filter(({ kind }) => kind === 'removed');
  const onlyB = changes.filter(({ kind }) => kind === 'added');
  const both = changes.filter(({ kind }) => kind !== 'removed' && kind !== 'added');
  return {
    only: {
      [a.name]: onlyA.map(({ path, before }) => ({ path, value: before })),
      [b.name]: onlyB.map(({ path, after }) => ({ path, value: after })),
    },
    different: both.map(({ path, before, after }) => {
      return { path, values: { [a.name]: before, [b.name]: after } };
    }),
  };
}

function render({ only, different }: Answer, names: readonly string[], style: Style): string {
  const half = Math.floor((style.columns - 30) / 2);
  const alone = names.map((name) => {
    const found = only[name] ?? [];
    if (found.length === 0) return '';
    const rows = found.map(({ path, value }) => `  ${visible(path)}: ${inline(value, half)}`);
    return lines([style.bold(`only ${visible(name)}`), ...rows]);
  });
  const rows = different.map(
    ({ path, values }) =>
      `  ${visible(path)}: ${names.map((name) => inline(values[name], half)).join(' | ')}`,
  );
  const shared = rows.length === 0 ? '' : lines([style.bold(names.map(visible).join(' | ')), ...rows]);
  const text = [...alone, shared].join('');
  return text === '' ? lines([`${names.map(visible).join(' and ')} are the same`]) : text;
}
