/** The modules of the program as CommonJS, each of which runs another when it first uses something of it. */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { transform } from 'esbuild';
import { packageOf } from './packages.js';

/**
 * All modules that the entry leads to, the entry first. In their code `require(3)` is the module at place 3 of the list; the
 * packages that they use, as `{ name, specifiers }`, are to follow behind the last.
 */
export async function collectModules(entry, root) {
  const codes = await readModules(entry);
  const files = [...codes.keys()];
  const specifiers = [...codes.values()].flatMap((code) =>
    [...code.matchAll(requiring)].map(([, name]) => name),
  );
  const outside = [...new Set(specifiers)].filter((name) => !/^(?:\.|node:)/.test(name));
  const packages = [...new Set(outside.map(packageOf))].map((name) => ({
    name,
    specifiers: outside.filter((specifier) => packageOf(specifier) === name),
  }));
  const modules = files.map((file) => ({
    name: relative(root, file),
    code: codes.get(file).replace(requiring, (whole, specifier) => {
      if (specifier.startsWith('node:')) return whole;
      if (specifier.startsWith('.')) return `require(${files.indexOf(fileOf(specifier, file))})`;
      const place = files.length + packages.findIndex(({ name }) => name === packageOf(specifier));
      return `require(${place})[${JSON.stringify(specifier)}]()`;
    }),
  }));
  return { modules, packages };
}

const requiring = /\brequire\(["']([^"']+)["']\)/g;

function fileOf(specifier, importer) {
  return join(dirname(importer), specifier.replace(/\.js$/, '.ts'));
}

/** The code of each file, in the order in which they are found. */
async function readModules(entry) {
  const codes = new Map();
  for (let next = [entry]; next.length > 0;) {
    const read = await Promise.all(next.map(async (file) => [file, await lazyCode(file)]));
    for (const [file, code] of read) codes.set(file, code);
    const found = read.flatMap(([file, code]) =>
      [...code.matchAll(requiring)]
        .filter(([, name]) => name.startsWith('.'))
        .map(([, name]) => fileOf(name, file)),
    );
    next = [...new Set(found)].filter((file) => !codes.has(file));
  }
  return codes;
}

/**
 * esbuild gives each import a variable of its own, `import_errors`, and writes `import_errors.ConfigError` wherever it is used. Here the
 * variable becomes a function that loads the module the first time, so an import that a run does not come across costs it nothing.
 */
async function lazyCode(file) {
  const source = await readFile(file, 'utf8');
  // What a module loads with a `require` of its own is a module here too.
  const { code } = await transform(source.replace(/^.*\bcreateRequire\b.*$/gm, ''), {
    loader: 'ts',
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'module.url' },
  });
  const loading = /^var (import_\w+) = (.*);$/gm;
  const names = new Set([...code.matchAll(loading)].map(([, name]) => name));
  return withExports(code)
    .replace(/__toESM\((require\("(?:node:|\.)[^"]+"\))(?:, 1)?\)/g, '$1')
    .replace(loading, 'let $1$; const $1 = () => $1$ ??= $2;')
    .replace(/(?<![\w$])(import_\w+)\./g, (whole, name) => (names.has(name) ? `(${name}()).` : whole));
}

/** What `import` makes of a package that is CommonJS. */
const toModule =
  'const __toESM = (module) => module.__esModule ? module : { __proto__: module, default: module };\n';

const exporting =
  /(?:^|\n)var (\w+) = \{\};\n__export\(\1, \{\n(.*?)\n\}\);\nmodule\.exports = [^\n]+\n(.*?)(?:\n\/\/ Annotate the CommonJS .*)?$/s;

/** Exports are plain properties, which are read faster than those that esbuild defines; what is passed on is loaded when it is read. */
function withExports(code) {
  const found = exporting.exec(code);
  if (found === null) return ''; // nothing but types
  const [, , list, body] = found;
  const entries = list.split(/,\n/).map((entry) => /^\s*(\w+): \(\) => (.*)$/.exec(entry));
  const passed = entries.filter(([, , value]) => value.startsWith('import_'));
  const own = entries.filter((entry) => !passed.includes(entry));
  return [
    '"use strict";',
    body.includes('__toESM(') ? toModule : '',
    ...passed.map(([, name, value]) => `Object.defineProperty(exports, "${name}", { get: () => ${value} });`),
    body.replace(
      /^__reExport\(\w+, (require\("[^"]+"\)), module\.exports\);$/gm,
      'Object.defineProperties(exports, Object.getOwnPropertyDescriptors($1));',
    ),
    ...own.map(([, name, value]) => `exports.${name} = ${value};`),
  ].join('\n');
}
