/**
 * Bundles the command line into dist/bundle, as CommonJS: `commands.cjs`, in which each command runs no more of the modules than it
 * asks for, `start.cjs` for a command line without a command, and `launch.cjs`, which picks one of them (src/cli/launch.ts).
 * Usage: node scripts/bundle.js [OUT_DIR]
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = process.argv[2] ?? join(root, 'dist/bundle');

/** Bundles one entry and returns its metafile. */
async function bundle(entry, name, options = {}) {
  const { metafile } = await build({
    entryPoints: [join(root, entry)],
    outfile: join(out, `${name}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    charset: 'ascii',
    minifySyntax: true,
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
    mainFields: ['module', 'main'],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    external: ['pg'],
    ...options,
  });
  return metafile;
}

/** Leaves out what a command line without a command never asks for. */
const withoutCommands = {
  name: 'without-commands',
  setup({ onResolve, onLoad }) {
    const filter = /^\.\/(commands\/[a-z-]+|session|parse)\.js$/;
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not in this bundle`)})`,
    }));
  },
};

/** The licences of what the bundles contain of other packages. */
function licences(metafiles) {
  const packages = metafiles
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []);
  return [...new Set(packages)]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
      return `${name} ${version} (${license})\n${text}`;
    });
}

process.chdir(root);
mkdirSync(out, { recursive: true });
// Each is one function expression, as Node wraps a module: the launcher compiles it as it is.
const program = {
  define: { 'import.meta.url': 'bundleUrl' },
  banner: {
    js: "(function(exports,require,module,__filename){const bundleUrl=require('node:url').pathToFileURL(__filename).href;",
  },
  footer: { js: '})' },
};
const metafiles = [
  await bundle('src/cli/index.ts', 'start', { ...program, plugins: [withoutCommands] }),
  await bundle('src/cli/index.ts', 'commands', program),
];
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const hashes = { start: hashOf('start'), commands: hashOf('commands') };
await bundle('src/cli/launch.ts', 'launch', {
  define: { hashes: JSON.stringify(hashes), version: JSON.stringify(version) },
});
writeFileSync(join(out, 'LICENSES.txt'), licences(metafiles).join('\n---\n\n'));

function hashOf(name) {
  const content = readFileSync(join(out, `${name}.cjs`));
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
