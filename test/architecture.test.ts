import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the top down: a module may import those after it, never those before it. */
const order = [
  'cli',
  'repo',
  'load',
  'store',
  'merge',
  'layer',
  'diff',
  'schema',
  'settings',
  'policy',
  'version',
  'lint',
  'doc',
  'errors.ts',
  'packages.ts',
];
const pure = order.slice(order.indexOf('merge'), order.indexOf('packages.ts'));
const root = normalize(join(import.meta.dirname, '../src'));

const moduleOf = (file: string): string => relative(root, file).split('/')[0] ?? '';

interface Import {
  readonly file: string;
  readonly target: string;
}

const imports: Import[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => {
    const file = join(root, name);
    const source = readFileSync(file, 'utf8');
    return [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => ({
      file,
      target: match[1] ?? '',
    }));
  });

const inner = imports.filter(({ target }) => target.startsWith('.'));
const outer = imports.filter(({ target }) => !target.startsWith('.'));
const resolved = ({ file, target }: Import): string =>
  normalize(join(dirname(file), target.replace(/\.js$/, '.ts')));
const shown = ({ file, target }: Import): string => `${relative(root, file)} -> ${target}`;

describe('the module map', () => {
  it('is imported downwards only', () => {
    const upward = inner.filter((entry) => {
      const [from, to] = [moduleOf(entry.file), moduleOf(resolved(entry))];
      return from !== 'index.ts' && from !== to && order.indexOf(to) <= order.indexOf(from);
    });
    expect(upward.map(shown)).toEqual([]);
  });

  it('knows every folder', () => {
    expect(
      imports
        .map(({ file }) => moduleOf(file))
        .filter((name) => name !== 'index.ts' && !order.includes(name)),
    ).toEqual([]);
  });

  it('is entered through the index of a folder', () => {
    const inside = inner.filter((entry) => {
      const to = resolved(entry);
      return moduleOf(entry.file) !== moduleOf(to) && !/\/(index|errors|packages)\.ts$/.test(to);
    });
    // Importing the library must not load the whole store.
    expect(inside.map(shown)).toEqual(['index.ts -> ./store/memory.js']);
  });

  it('loads what few programs need only when they do', () => {
    const eager = outer.filter(
      ({ file, target }) =>
        ['yaml', 'picomatch', 'semver'].includes(target) &&
        !new RegExp(`import type [^;]* from '${target}'`).test(readFileSync(file, 'utf8')),
    );
    expect(eager.map(shown)).toEqual([]);
  });

  it('keeps its lower half pure: no Node API', () => {
    const impure = outer.filter(
      ({ file, target }) => pure.includes(moduleOf(file)) && target.startsWith('node:'),
    );
    expect(impure.map(shown)).toEqual([]);
    const ambient = pure.flatMap((name) =>
      name.endsWith('.ts')
        ? []
        : readdirSync(join(root, name), { recursive: true, encoding: 'utf8' })
            .filter((file) => file.endsWith('.ts'))
            .map((file) => join(root, name, file))
            .filter((file) =>
              /\bprocess\.|\bDate\.now\(|new Date\(\)|Math\.random\(/.test(readFileSync(file, 'utf8')),
            ),
    );
    expect(ambient.map((file) => relative(root, file))).toEqual([]);
  });

  it.each([
    ['commander', ['cli']],
    ['isomorphic-git', ['store']],
    ['chokidar', ['load']],
    ['ajv', ['schema']],
    ['yaml', ['doc', 'packages.ts']],
    ['ini', ['doc', 'packages.ts']],
    ['diff3', ['merge']],
    ['semver', ['version', 'packages.ts']],
    ['picomatch', ['doc', 'packages.ts']],
    ['node:fs', ['store', 'load', 'cli']],
  ])('uses %s only in %j', (name, allowed) => {
    const strays = outer.filter(
      ({ file, target }) =>
        (target === name || target.startsWith(`${name}/`)) && !allowed.includes(moduleOf(file)),
    );
    expect(strays.map(shown)).toEqual([]);
  });
});
