import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatKeyPath, isMap, type ConfigObject, type ConfigValue } from '../../src/doc/index.js';
import { loadConfig, type Config } from '../../src/load/index.js';
import { Live } from '../../src/load/watch/live.js';
import { folderWith } from './folder.js';

const plain = fc.constantFrom('host', 'a', '__proto__', 'max_tokens', 'public_key', '0');
const secret = fc.constantFrom('password', 'dbPassword', 'API_KEY', 'client-secret', 'token', 'credentials');
const leaf: fc.Arbitrary<ConfigValue> = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('x', ''),
);
/** Canaries stand under keys of secrets, at any depth, and in URLs. */
const { value } = fc.letrec<{ value: ConfigValue; hidden: ConfigValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.constant('https://u:canary@h/'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .tuple(
        fc.dictionary(plain, tie('value'), { maxKeys: 3, noNullPrototype: true }),
        fc.dictionary(secret, tie('hidden'), { maxKeys: 2, noNullPrototype: true }),
      )
      .map(([a, b]): ConfigValue => ({ ...a, ...b })),
  ),
  hidden: fc.oneof(
    { maxDepth: 2 },
    fc.constant('canary'),
    fc.array(tie('hidden'), { maxLength: 2 }),
    fc.dictionary(plain, tie('hidden'), { maxKeys: 2, noNullPrototype: true }),
  ),
}));
const layer = value.map((inner): ConfigObject => (isMap(inner) ? inner : { inner }));

const pathsIn = (
  root: ConfigValue,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] => {
  if (typeof root !== 'object' || root === null) return [path];
  const keys = Array.isArray(root) ? root.map((_, index) => index) : Object.keys(root);
  return [path, ...keys.flatMap((key) => pathsIn(Reflect.get(root, key), [...path, key]))];
};

describe('laws', () => {
  it('explaining and loading agree, and masking leaks nothing anywhere', async () => {
    const dir = folderWith({});
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { maxLength: 3 }), async (values) => {
        const config = await loadConfig({ dir, layers: values.map((each) => ({ value: each })), env: {} });
        expect(JSON.stringify(config.mask())).not.toContain('canary');
        for (const path of pathsIn(config.value)) {
          const found = config.explain(path);
          expect(found.value).toEqual(config.get(path));
          const said = [found, ...found.overridden].map((each) => config.mask(each.value, path));
          expect(JSON.stringify(said)).not.toContain('canary');
        }
      }),
    );
  });

  it('nor does a reference to anything, or a change', async () => {
    const dir = folderWith({});
    await fc.assert(
      fc.asyncProperty(layer, layer, fc.array(fc.nat(), { maxLength: 4 }), async (one, other, picks) => {
        const paths = pathsIn(one).filter((path) => path.length > 0);
        const refs = picks.map((pick) => `\${${formatKeyPath(paths[pick % paths.length] ?? ['refs'])}:-}`);
        const referring = { ...one, refs: paths.length === 0 ? [] : refs };
        const load = (said: ConfigObject): Promise<Config> =>
          loadConfig({ dir, layers: [{ value: said }], env: {}, interpolate: true });
        const [before, after] = [await load(referring), await load(other)];
        const live = new Live(before, async () => undefined);
        const shown: unknown[] = [before.mask()];
        live.on('change', (_changes, { masked }) => shown.push(masked()));
        live.publish(after);
        live.publish(before);
        expect(JSON.stringify(shown)).not.toContain('canary');
      }),
    );
  });

  it('loading twice gives the same', async () => {
    const dir = folderWith({});
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { maxLength: 3 }), async (values) => {
        const layers = values.map((each) => ({ value: each }));
        const [one, two] = [
          await loadConfig({ dir, layers, env: {} }),
          await loadConfig({ dir, layers, env: {} }),
        ];
        expect(one.value).toEqual(two.value);
      }),
    );
  });
});
