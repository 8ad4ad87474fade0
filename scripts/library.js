/**
 * Builds the library into dist: `index.js` and, in `modules`, a file with what every program needs and files with what is loaded
 * when it is asked for. To find and read hundreds of small modules takes a process longer than to load a configuration.
 * Usage: node scripts/library.js [OUT_DIR]
 */
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = process.argv[2] ?? `${root}dist`;

/**
 * What `import 'cfgit'` runs, in one file. A module that is not named here and is needed all the same gets a file of its own, which
 * costs time but does no harm.
 */
const core = new RegExp(
  `/src/(?:${[
    'errors|doc|layer|settings|lint|diff|merge|version',
    'load/(?!revision|watch/|source/(?:last-good|postgres))',
    'repo/standalone',
    'store/(?:memory|state-name|disk|fs|objects/oid|refs/(?:name|edits)|config/(?:load|parse)|ignore/(?:wildmatch|character-class))',
  ].join('|')})`,
);

/** Node loads packages when they are first needed, which bundlers cannot see: to them they are imports (`imports` of package.json). */
const packages = ['ini', 'picomatch', 'semver', 'yaml'];
const outside = {
  name: 'packages-outside',
  resolveId: (id) => (id.endsWith('/packages.js') ? { id: '#packages', external: true } : null),
};
const atOnce = packages.map(
  (name) => `import ${name}_ from '${name}';\nexport const ${name} = () => ${name}_;\n`,
);

/**
 * To `import` a module of Node reads everything that it exports, and that of `node:fs` alone loads all kinds of streams. So those that
 * every program needs are asked for what is used.
 */
const needed = /^node:(?:buffer|fs|module|path|util)$/;
const builtins = {
  name: 'builtins-by-name',
  resolveId: (id) => (needed.test(id) ? `\0${id}` : null),
  load: (id) => (id.startsWith('\0node:') ? builtinCode(id.slice(1)) : null),
};

function builtinCode(id) {
  const module = createRequire(import.meta.url)(id);
  const names = Object.keys(module).filter((name) => /^[A-Za-z]\w*$/.test(name) && name !== 'default');
  const exports = names.map((name) => `export const ${name} = builtin.${name};\n`);
  return `const builtin = process.getBuiltinModule('${id}');\n${exports.join('')}`;
}

rmSync(`${out}/modules`, { recursive: true, force: true });
const shared = {
  platform: 'node',
  external: (id) => /^[^./#\0]/.test(id) && !needed.test(id),
  treeshake: { moduleSideEffects: false, propertyReadSideEffects: false },
};
/** Names of functions stay, for whoever reads a stack trace. */
const written = { format: 'es', comments: false, minify: { mangle: { toplevel: false } } };
const build = await rolldown({
  ...shared,
  input: `${root}src/index.ts`,
  plugins: [outside, builtins],
  resolve: { extensionAlias: { '.js': ['.ts'] } },
});
await build.write({
  ...written,
  dir: out,
  entryFileNames: 'index.js',
  chunkFileNames: 'modules/[name]-[hash].js',
  codeSplitting: { groups: [{ name: 'core', test: core }] },
});
const lazily = await rolldown({ ...shared, input: `${root}src/packages.ts`, plugins: [builtins] });
await lazily.write({ ...written, file: `${out}/packages.js` });
writeFileSync(`${out}/packages-at-once.js`, atOnce.join(''));
