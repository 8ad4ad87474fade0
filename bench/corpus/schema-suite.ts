/** A copy of github.com/json-schema-org/JSON-Schema-Test-Suite through cfg and through ajv alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isMap, parseDocument, valueOf, type ConfigObject, type ConfigValue } from '../../src/doc/index.js';
import { compileSchema } from '../../src/schema/index.js';

const drafts = [
  { name: 'draft7', uri: 'http://json-schema.org/draft-07/schema#', Engine: Ajv },
  { name: 'draft2019-09', uri: 'https://json-schema.org/draft/2019-09/schema', Engine: Ajv2019 },
  { name: 'draft2020-12', uri: 'https://json-schema.org/draft/2020-12/schema', Engine: Ajv2020 },
] as const;

type Draft = (typeof drafts)[number];

interface Group {
  readonly description: string;
  readonly schema: ConfigValue;
  readonly tests: readonly {
    readonly description: string;
    readonly data: ConfigValue;
    readonly valid: boolean;
  }[];
}

/** What cfg answers otherwise than ajv on purpose (docs/validation.md). */
const exceptions: readonly RegExp[] = [
  /^draft2020-12 format: .* is only an annotation by default$/,
  // a dialect of one's own
  /^draft[\d-]+ vocabulary: /,
  /^draft[\d-]+ properties: properties whose names are Javascript object property names: __proto__ not valid$/,
];

/** The server of the suite is the root of the repository here: nothing is ever fetched. */
const server = 'http://localhost:1234/';

/** Prints what differs; returns whether cfg is right wherever ajv is, but for the exceptions. */
export function runSchemaSuite(folder: string): boolean {
  const remotes = remotesOf(join(folder, 'remotes'));
  const lost = drafts.flatMap((draft) => {
    const groups = groupsOf(join(folder, 'tests', draft.name));
    const results = groups.flatMap(({ file, group }) => runGroup(draft, { file, group, remotes }));
    const count = (right: (result: Result) => boolean): number => results.filter(right).length;
    console.log(
      `${draft.name}: ${results.length} cases, right: cfg ${count(({ cfg }) => cfg)}, ajv ${count(({ ajv }) => ajv)}`,
    );
    for (const { title, ajv } of results.filter(({ cfg }) => !cfg))
      console.log(`  ${ajv ? 'ajv only' : 'neither'}: ${title}`);
    return results.filter(({ title, cfg, ajv }) => !cfg && ajv && !exceptions.some((one) => one.test(title)));
  });
  for (const { title } of lost) console.log(`not as ajv: ${title}`);
  return lost.length === 0;
}

interface Result {
  readonly title: string;
  /** Whether the answer is that of the suite. */
  readonly cfg: boolean;
  readonly ajv: boolean;
}

interface GroupInput {
  readonly file: string;
  readonly group: Group;
  readonly remotes: ReadonlyMap<string, string>;
}

function runGroup(draft: Draft, { file, group, remotes }: GroupInput): readonly Result[] {
  const cfg = byCfg(draft, group, remotes);
  const ajv = byAjv(draft, group, remotes);
  return group.tests.map(({ description, data, valid }) => ({
    title: `${draft.name} ${file}: ${group.description}: ${description}`,
    cfg: answerOf(() => cfg(data)) === valid,
    ajv: answerOf(() => ajv(data)) === valid,
  }));
}

function answerOf(check: () => boolean): boolean | undefined {
  try {
    return check();
  } catch {
    return undefined; // neither valid nor invalid: it could not be checked
  }
}

function byCfg(
  { uri }: Draft,
  { schema }: Group,
  remotes: ReadonlyMap<string, string>,
): (data: ConfigValue) => boolean {
  const resolve = (path: string): ConfigValue | undefined => {
    const found = remotes.get(path);
    return found === undefined ? undefined : valueOf(parseDocument(found, { format: 'json' }));
  };
  const root = withDialect(schema, uri);
  const id = new URL(idOf(root) ?? 'case.json', server);
  const compiled = lazily(() =>
    compileSchema({ $id: id.href, ...root }, { id: id.pathname.slice(1) || 'case.json', resolve }),
  );
  return (data) => compiled().check(data).length === 0;
}

function idOf({ $id: id }: ConfigObject): string | undefined {
  return typeof id === 'string' ? id : undefined;
}

/** Made when it is first asked for; what it throws is thrown each time. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function byAjv(
  { name, uri, Engine }: Draft,
  { schema }: Group,
  remotes: ReadonlyMap<string, string>,
): (data: ConfigValue) => boolean {
  const engine = new Engine({ strict: false, logger: false });
  addFormats.default(engine);
  for (const [path, text] of remotes) {
    const remote: AnySchema = JSON.parse(text);
    if (!path.startsWith('draft') || path.startsWith(`${name}/`))
      answerOf(() => engine.addSchema(remote, server + path) !== undefined);
  }
  const plain: AnySchema = JSON.parse(JSON.stringify(withDialect(schema, uri)));
  const validate = lazily(() => engine.compile(plain));
  return (data) => validate()(data) === true;
}

/** A schema that is `true` or `false` as one of the dialect. */
function withDialect(schema: ConfigValue, uri: string): ConfigObject {
  if (schema === false) return { $schema: uri, not: {} };
  return { $schema: uri, ...(isMap(schema) && schema) };
}

function groupsOf(folder: string): readonly { readonly file: string; readonly group: Group }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .flatMap((name) => {
      const groups: readonly Group[] = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return groups.map((group) => ({ file: name.replace('.json', ''), group }));
    });
}

function remotesOf(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  return new Map(names.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8')]));
}
