/**
 * Builds the library into dist: `index.js` and, in `modules`, a file with what every program needs and files with what is loaded
 * when it is asked for. To find and read hundreds of small modules takes a process longer than to load a configuration.
 * Usage: node scripts/library.js [OUT_DIR]
 */
import { rmSync, writeFileSync } from 'node:fs';
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

rmSync(`${out}/modules`, { recursive: true, force: true });
const shared = { platform: 'node', external: /^[^./#]/ };
const build = await rolldown({
  ...shared,
  input: `${root}src/index.ts`,
  plugins: [outside],
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  treeshake: { moduleSideEffects: false },
});
await build.write({
  dir: out,
  format: 'es',
  entryFileNames: 'index.js',
  chunkFileNames: 'modules/[name]-[hash].js',
  codeSplitting: { groups: [{ name: 'core', test: core }] },
  comments: false,
});
const lazily = await rolldown({ ...shared, input: `${root}src/packages.ts` });
await lazily.write({ file: `${out}/packages.js`, format: 'es', comments: false });
writeFileSync(`${out}/packages-at-once.js`, atOnce.join(''));
