import { closest, ConfigError } from '../errors.js';
import { isMap, parseDocument, valueOf, type ConfigDocument } from '../doc/index.js';
import { environmentLayer, type LayerInput } from '../layer/index.js';
import { expandTemplate, type LayerSpec, type Stack, type Template } from '../settings/index.js';
import { invalid, placeIn, syntaxProblems } from './invalid.js';
import type { ConfigFiles, Environment, Problem } from './types.js';

interface LayerContext {
  readonly stack: Stack;
  readonly files: ConfigFiles;
  readonly variables: ReadonlyMap<string, string>;
  readonly env: Environment;
}

/**
 * The layers of a stack, read and parsed; an optional file that is not there is left out. Throws E_USAGE (a variable is missing),
 * E_SOURCE (a required file is not there), E_INVALID (files that do not parse, all of them in one error) and what reading throws.
 */
export async function readLayers(context: LayerContext): Promise<readonly LayerInput[]> {
  const layers: LayerInput[] = [];
  const problems: Problem[] = [];
  for (const spec of context.stack.layers) {
    const read = await readLayer(spec, context);
    if (read === undefined) continue;
    if ('problems' in read) problems.push(...read.problems);
    else layers.push(read.layer);
  }
  if (problems.length > 0) throw invalid(`stack '${context.stack.name}'`, problems);
  return layers;
}

type ReadLayer = { readonly layer: LayerInput } | { readonly problems: readonly Problem[] };

async function readLayer(spec: LayerSpec, context: LayerContext): Promise<ReadLayer | undefined> {
  const expand = (template: Template): string => expanded(template, spec, context);
  if (spec.kind === 'env') {
    const prefix = expand(spec.prefix);
    return { layer: environmentLayer({ name: `env:${prefix}`, prefix, env: context.env }) };
  }
  const path = expand(spec.path);
  const revision = spec.kind === 'git' ? expand(spec.revision) : undefined;
  const text =
    revision === undefined ? await context.files.read(path) : await readAt(revision, path, context);
  const file = revision === undefined ? path : `${revision}:${path}`;
  if (text !== undefined)
    return fileLayer(spec.kind === 'git' ? `git:${file}` : file, file, parseDocument(text, { path }));
  if (spec.optional) return undefined;
  throw missingFile(file, spec, context);
}

async function readAt(
  revision: string,
  path: string,
  { files, stack }: LayerContext,
): Promise<string | undefined> {
  if (files.readAt !== undefined) return files.readAt(revision, path);
  throw new ConfigError(
    'E_SOURCE',
    `stack '${stack.name}' reads '${path}' from a revision, and there is no repository`,
  );
}

function fileLayer(name: string, file: string, document: ConfigDocument): ReadLayer {
  if (!document.valid) return { problems: syntaxProblems(document, file) };
  const value = valueOf(document) ?? {};
  if (!isMap(value)) return { problems: [notAMap(file, document)] };
  return {
    layer: {
      name,
      value,
      textOnly: document.format === 'ini',
      place: (path, part) => ({ file, ...placeIn(document, path, part) }),
    },
  };
}

function notAMap(file: string, document: ConfigDocument): Problem {
  const { line = 1, column = 1 } = placeIn(document, [], 'value');
  const several = (document.tree?.documents.length ?? 1) > 1;
  const message = several ? 'a layer must be one document, not several' : 'a layer must be a map of keys';
  return { file, line, column, path: '', rule: 'layer-map', severity: 'error', message };
}

function expanded(template: Template, spec: LayerSpec, { stack, variables }: LayerContext): string {
  const { text, missing } = expandTemplate(template, variables);
  const [name] = missing;
  if (name === undefined) return text;
  const values = stack.matrix.get(name);
  throw new ConfigError(
    'E_USAGE',
    `layer '${spec.text}' of stack '${stack.name}' needs the variable '${name}'`,
    {
      hint: `give it with ${name === 'env' ? '-e VALUE' : `--var ${name}=VALUE`}, or as variables: { ${name}: VALUE } in code${
        values === undefined ? '' : ` (${values.join(', ')})`
      }`,
      details: { stack: stack.name, variable: name, ...(values === undefined ? {} : { values }) },
    },
  );
}

function missingFile(file: string, spec: LayerSpec, { stack, variables }: LayerContext): ConfigError {
  return new ConfigError('E_SOURCE', `layer '${file}' of stack '${stack.name}' does not exist`, {
    hint: misspelt(stack, variables) ?? `create it, or make it optional in cfg.yaml: '${spec.text}?'`,
    details: { stack: stack.name, layer: file },
  });
}

/** A variable with a value that the matrix does not have is the likely reason. */
function misspelt({ matrix }: Stack, variables: ReadonlyMap<string, string>): string | undefined {
  for (const [name, values] of matrix) {
    const given = variables.get(name);
    if (given === undefined || values.includes(given)) continue;
    const meant = closest(given, values);
    return meant === undefined
      ? `'${name}' is one of ${values.join(', ')}`
      : `did you mean '${meant}' for '${name}'?`;
  }
  return undefined;
}
