/** The packages that the program uses, each as one module. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The package that a specifier belongs to; what extends a package (ajv-formats) shares its code with it. */
export function packageOf(specifier) {
  return /^(?:@[^/]+\/)?[^/-]+/.exec(specifier)[0];
}

/** One module a package, whose exports are functions by specifier: `require(PLACE)["semver"]()`. */
export async function bundlePackages(packages, root) {
  const results = await Promise.all(packages.map((one) => bundlePackage(one, root)));
  const bundled = results.map(({ outputFiles: [{ text }] }, i) => ({ name: packages[i].name, code: text }));
  return { bundled, metafiles: results.map(({ metafile }) => metafile) };
}

function bundlePackage({ specifiers }, root) {
  const entries = specifiers.map((specifier) => JSON.stringify(specifier));
  return build({
    stdin: {
      contents: entries.map((name) => `exports[${name}] = () => require(${name});`).join('\n'),
      resolveDir: root,
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
}

/** The licences of what the bundles contain of other packages. */
export function licences(metafiles) {
  const found = metafiles
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []);
  return [...new Set(found)]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
      return `${name} ${version} (${license})\n${text}`;
    });
}
