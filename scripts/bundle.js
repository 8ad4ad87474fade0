/**
 * Packs the command line into dist/bundle: `modules.pack`, in which each module is a function that `launch.cjs` (src/cli/launch.ts)
 * compiles when it is first asked for, and the licences of the packages among them.
 * Usage: node scripts/bundle.js [OUT_DIR]
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { collectModules } from './modules.js';
import { bundlePackages, licences } from './packages.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = process.argv[2] ?? join(root, 'dist/bundle');

/** The function that Node would make of a module, as small as it gets. Plain ASCII, so that a byte is a character. */
async function toFunction(code) {
  const text = `it=function(exports,require,module){${code}\n}`;
  const { code: small } = await transform(text, { minify: true, target: 'node20.19', charset: 'ascii' });
  return small.trim().replace(/^it=(.*);$/s, '($1)');
}

/** The modules, one behind the other, each below a line with its name; before them a list of where each ends, and its length in eight digits. */
function packed(modules) {
  let end = 0;
  const ends = JSON.stringify(modules.map((text) => (end += text.length)));
  return `${String(ends.length).padStart(8, '0')}${ends}${modules.join('')}`;
}

/** In one step: a program that is running goes on reading the file that it has opened. */
function replaceFile(path, text) {
  const temp = `${path}.new`;
  writeFileSync(temp, text);
  renameSync(temp, path);
}

process.chdir(root);
mkdirSync(out, { recursive: true });
const { modules, packages } = await collectModules(join(root, 'src/cli/index.ts'), root);
const { bundled, metafiles } = await bundlePackages(packages, root);
const all = [...modules, ...bundled];
const pack = packed(
  await Promise.all(all.map(async ({ name, code }) => `${name}\n${await toFunction(code)}`)),
);
replaceFile(join(out, 'modules.pack'), pack);
writeFileSync(join(out, 'LICENSES.txt'), licences(metafiles).join('\n---\n\n'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const hash = createHash('sha256').update(pack).digest('hex').slice(0, 16);
await build({
  entryPoints: [join(root, 'src/cli/launch.ts')],
  outfile: join(out, 'launch.cjs'),
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  logLevel: 'warning',
  logOverride: { 'empty-import-meta': 'silent' }, // in modules of the store that nothing of this file uses
  define: { hash: JSON.stringify(hash), version: JSON.stringify(version) },
});
