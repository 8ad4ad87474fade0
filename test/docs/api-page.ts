/** The page `docs/api.md`: every export of `src/index.ts` with its declaration and what its TSDoc says. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** A name of the public API. */
export interface Exported {
  readonly name: string;
  /** What the comment above its export statement says. */
  readonly section: string;
  readonly kind: 'value' | 'type';
  /** The text of the TSDoc; of overloads, that of the first which has one. */
  readonly doc: string;
  /** In TypeScript, without what a body does. */
  readonly declaration: string;
}

/** The exports of a module, in the order of its statements; names of `export *` in alphabetical order. */
export function exportsOf(file: string): readonly Exported[] {
  let section = '';
  return sourceOf(file).statements.flatMap((statement, index) => {
    if (!ts.isExportDeclaration(statement)) return [];
    if (index > 0) section = sectionAbove(statement) ?? section;
    const names = [...namesOf(file, statement)];
    return names.map(([name, found]) => described(name, section === '' ? 'Errors' : section, found));
  });
}

/** Where a name is declared; several declarations are overloads. */
type Declarations = readonly ts.Statement[];

const sources = new Map<string, ts.SourceFile>();

function sourceOf(file: string): ts.SourceFile {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  sources.set(file, source);
  return source;
}

/** `// Documents: parse, edit.` above a statement, without what follows the first sentence. */
function sectionAbove(statement: ts.Statement): string | undefined {
  const { text } = statement.getSourceFile();
  const comments = ts.getLeadingCommentRanges(text, statement.pos) ?? [];
  const first = comments.find(({ kind }) => kind === ts.SyntaxKind.SingleLineCommentTrivia);
  return (
    first &&
    text
      .slice(first.pos + 2, first.end)
      .trim()
      .replace(/\.$/, '')
  );
}

function namesOf(file: string, statement: ts.ExportDeclaration): ReadonlyMap<string, Declarations> {
  const { moduleSpecifier, exportClause } = statement;
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return new Map();
  const all = declarationsOf(join(dirname(file), moduleSpecifier.text.replace(/\.js$/, '.ts')));
  if (exportClause === undefined)
    return new Map([...all].filter(([, [one]]) => one && isType(one)).toSorted(byName));
  if (!ts.isNamedExports(exportClause)) throw new Error(`${file}: an export that this page does not know`);
  return new Map(
    exportClause.elements.map(({ name, propertyName }) => {
      const found = all.get((propertyName ?? name).text);
      if (found === undefined) throw new Error(`${file}: nothing declares '${name.text}'`);
      return [name.text, found];
    }),
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** What a module exports, followed to where it is declared. */
function declarationsOf(file: string): ReadonlyMap<string, Declarations> {
  const found = new Map<string, Declarations>();
  for (const statement of sourceOf(file).statements) {
    if (ts.isExportDeclaration(statement))
      for (const [name, declared] of namesOf(file, statement)) found.set(name, declared);
    else
      for (const name of declaredNames(statement)) found.set(name, [...(found.get(name) ?? []), statement]);
  }
  return found;
}

function declaredNames(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const named =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return named && statement.name !== undefined ? [statement.name.text] : [];
}

function isType(statement: ts.Statement): boolean {
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
}

function described(name: string, section: string, statements: Declarations): Exported {
  // The last of several is the implementation, which callers do not see.
  const seen = statements.length > 1 ? statements.slice(0, -1) : statements;
  const doc = statements.map(docOf).find((text) => text !== '');
  return {
    name,
    section,
    kind: seen.every(isType) ? 'type' : 'value',
    doc: doc ?? '',
    declaration: seen.map(withoutBodies).join('\n'),
  };
}

function docOf(statement: ts.Statement): string {
  const comments = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
  const text = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join('\n\n');
  const parameters = ts.getJSDocTags(statement).filter(ts.isJSDocParameterTag);
  const listed = parameters.map(
    (tag) => `- \`${tag.name.getText()}\`: ${ts.getTextOfJSDocComment(tag.comment) ?? ''}`,
  );
  return [text, listed.join('\n')].filter((part) => part !== '').join('\n\n');
}

/** A declaration as a `.d.ts` would have it, with the comments inside. */
function withoutBodies(statement: ts.Statement): string {
  const start = statement.getStart();
  let text = '';
  let at = start;
  const cut = (from: number, to: number, end = ''): void => {
    text += statement.getSourceFile().text.slice(at, from) + end;
    at = to;
  };
  const visit = (node: ts.Node): void => {
    if (isBodied(node) && node.body !== undefined) cut(node.body.getFullStart(), node.body.end, ';');
    else if (ts.isVariableDeclaration(node) && node.initializer !== undefined)
      cut(node.type?.end ?? node.name.end, node.initializer.end);
    else ts.forEachChild(node, visit);
  };
  visit(statement);
  cut(statement.end, statement.end);
  return text.replace(/^export /, '').replace(/^async /, '');
}

function isBodied(
  node: ts.Node,
): node is ts.FunctionDeclaration | ts.MethodDeclaration | ts.ConstructorDeclaration {
  return ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node);
}

/** The page. */
export function apiPage(all: readonly Exported[]): string {
  const sections = [...new Set(all.map(({ section }) => section))];
  return (
    [
      '# API',
      'Everything that `cfgit` exports, from the comments of its source (`npm run docs`). [The guide](library.md) shows how to use it.',
      ...sections.flatMap((section) => [
        `## ${section}`,
        ...entriesOf(all.filter((one) => one.section === section)),
      ]),
    ].join('\n\n') + '\n'
  );
}

/** What runs comes first, then the types. */
function entriesOf(all: readonly Exported[]): readonly string[] {
  const sorted = [
    ...all.filter(({ kind }) => kind === 'value'),
    ...all.filter(({ kind }) => kind === 'type'),
  ];
  return sorted.map(({ name, doc, declaration }) => {
    const text = doc.replaceAll(/\{@link (\S+?)\}/g, '`$1`').replaceAll(/(?<!`)\bE_[A-Z_]+\b(?!`)/g, '`$&`');
    return `### \`${name}\`\n\n${text}\n\n\`\`\`ts\n${declaration}\n\`\`\``;
  });
}
