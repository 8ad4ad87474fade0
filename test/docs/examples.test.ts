import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { exportsOf } from './api-page.js';

const project = join(import.meta.dirname, '../..');

/** What the text around an example says that its names are. */
const known: Readonly<Record<string, string>> = {
  repository: "import('cfgit').Repository",
  changes: "readonly import('cfgit').Change[]",
  tip: 'string',
  dir: 'string',
  expect: 'string',
  message: 'string',
  retry: '() => void',
  base: 'string',
  ours: 'string',
  theirs: 'string',
  defaults: '{ readonly [key: string]: string }',
  secrets: '() => Promise<{ readonly [key: string]: string }>',
  z: "typeof import('zod').z",
};

const asModule = {
  languageVersion: ts.ScriptTarget.Latest,
  impliedNodeFormat: ts.ModuleKind.ESNext,
} as const;

interface Example {
  readonly place: string;
  readonly code: string;
}

/** The TypeScript of a page, each block as a module. What stands before `// after` is the code of another package. */
function examplesOf(page: string): readonly Example[] {
  const text = readFileSync(join(project, page), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block = ''], at) => ({
    place: `${page}, example ${at + 1}`,
    code: block.split('// after\n').at(-1) ?? '',
  }));
}

/** The example with its unexplained names imported or declared. */
function moduleOf({ code }: Example, exported: ReadonlySet<string>): string {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true);
  const [used, own] = [new Set<string>(), new Set<string>()];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) (isDeclared(node) ? own : used).add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const free = [...used].filter((name) => !own.has(name));
  const imports = free.filter((name) => exported.has(name));
  const declared = free.filter((name) => Object.hasOwn(known, name));
  return [
    `import { ${imports.join(', ')} } from 'cfgit';`,
    ...declared.map((name) => `declare const ${name}: ${known[name]};`),
    code,
    'export {};',
  ].join('\n');
}

function isDeclared({ parent, text }: ts.Identifier): boolean {
  if (ts.isImportSpecifier(parent)) return true;
  if (ts.isVariableDeclaration(parent) || ts.isBindingElement(parent) || ts.isParameter(parent))
    return parent.name.getText() === text;
  return false;
}

it('every example in TypeScript is right about the types of the library', () => {
  const pages = ['README.md', ...readdirSync(join(project, 'docs')).map((name) => `docs/${name}`)];
  const examples = pages.filter((page) => page.endsWith('.md') && page !== 'docs/api.md').flatMap(examplesOf);
  expect(examples.length).toBeGreaterThan(15);
  const exported = new Set(exportsOf(join(project, 'src/index.ts')).map(({ name }) => name));
  const files = new Map(
    examples.map((example, at) => [
      join(project, `example-${at}.ts`),
      { ...example, code: moduleOf(example, exported) },
    ]),
  );
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(project, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    project,
  );
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.fileExists = (path): boolean => files.has(path) || ts.sys.fileExists(path);
  host.readFile = (path): string | undefined => files.get(path)?.code ?? ts.sys.readFile(path);
  host.getSourceFile = (path, ...rest): ts.SourceFile | undefined => {
    const code = files.get(path)?.code;
    return code === undefined ? read(path, ...rest) : ts.createSourceFile(path, code, asModule);
  };
  const program = ts.createProgram(
    [...files.keys()],
    {
      ...options,
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
      incremental: false,
      paths: { cfgit: [join(project, 'src/index.ts')] },
    },
    host,
  );
  const problems = [...files].flatMap(([path, { place }]) => {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
  expect(problems).toEqual([]);
});
