import { closest } from '../errors.js';
import type { LayerCommon, LayerSpec, Template } from './types.js';

const schemes = ['env', 'git'] as const;

/** What a layer entry means, or why it means nothing. */
export type LayerSpecResult =
  { readonly spec: LayerSpec } | { readonly message: string; readonly hint?: string };

/**
 * Reads one entry of `layers` in its short form: a path, a folder (`conf.d/`), a glob, `env:PREFIX_` or `git:REV:PATH`, each with `${name}` placeholders; a path
 * that ends in `?` is optional. Two or more letters before a colon are a scheme, and only known ones are accepted.
 */
export function parseLayerSpec(text: string): LayerSpecResult {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(text)?.[1];
  if (scheme === undefined) return fileLayer(text);
  const rest = text.slice(scheme.length + 1);
  if (scheme === 'env') return envLayer(text, rest);
  if (scheme === 'git') return gitLayer(text, rest);
  const meant = closest(scheme, schemes);
  return {
    message: `has the unknown source '${scheme}:'`,
    hint:
      meant === undefined ? 'known sources: PATH, env:PREFIX_, git:REV:PATH' : `did you mean '${meant}:'?`,
  };
}

/** The text of a template, and the names of the variables that `variables` lacks. */
export function expandTemplate(
  template: Template,
  variables: ReadonlyMap<string, string>,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const pieces = template.map((piece) => {
    if (typeof piece === 'string') return piece;
    const value = variables.get(piece.variable);
    if (value === undefined) missing.push(piece.variable);
    return value ?? '';
  });
  return { text: pieces.join(''), missing };
}

function fileLayer(text: string): LayerSpecResult {
  const { path, optional } = optionalPath(text);
  if (path === '') return { message: 'names no file' };
  return withTemplates([path], ([template = []]) => {
    const kind = kindOfPath(template);
    return { ...common(text, optional), kind, path: kind === 'folder' ? withoutSlash(template) : template };
  });
}

/** `conf.d/` is a folder, `conf/*.yaml` and `{a,b}.yaml` are globs. */
function kindOfPath(template: Template): 'file' | 'folder' | 'glob' {
  const literals = template.filter((piece) => typeof piece === 'string');
  if (literals.some((piece) => /\*|\{[^}]*,[^}]*\}/.test(piece))) return 'glob';
  const last = template.at(-1);
  return typeof last === 'string' && last.endsWith('/') ? 'folder' : 'file';
}

function withoutSlash(template: Template): Template {
  return template.map((piece, index) =>
    typeof piece === 'string' && index === template.length - 1 ? piece.replace(/\/+$/, '') : piece,
  );
}

function envLayer(text: string, prefix: string): LayerSpecResult {
  if (prefix === '')
    return { message: 'needs a prefix', hint: 'the prefix of the variables, as in env:APP_' };
  return withTemplates([prefix], ([template = []]) => ({
    ...common(text, true),
    kind: 'env',
    prefix: template,
  }));
}

function gitLayer(text: string, rest: string): LayerSpecResult {
  const colon = rest.indexOf(':');
  const { path, optional } = optionalPath(rest.slice(colon + 1));
  if (colon < 1 || path === '')
    return { message: 'is no revision and path', hint: 'as in git:v1.2.0:base.yaml' };
  return withTemplates([rest.slice(0, colon), path], ([revision = [], file = []]) => ({
    ...common(text, optional),
    kind: 'git',
    revision,
    path: file,
  }));
}

function common(text: string, optional: boolean): LayerCommon {
  return { text, optional, priority: 0 };
}

function optionalPath(text: string): { readonly path: string; readonly optional: boolean } {
  return text.endsWith('?') ? { path: text.slice(0, -1), optional: true } : { path: text, optional: false };
}

function withTemplates(
  texts: readonly string[],
  build: (templates: readonly Template[]) => LayerSpec,
): LayerSpecResult {
  const templates = texts.map(parseTemplate);
  if (templates.includes(undefined))
    return {
      message: 'has a broken placeholder',
      hint: 'a placeholder is ${name}, of letters, digits, - and _',
    };
  return { spec: build(templates.filter((template) => template !== undefined)) };
}

/** Undefined for a `${` that begins no placeholder. */
function parseTemplate(text: string): Template | undefined {
  const pieces = text.split(/(\$\{[A-Za-z_][\w-]*\})/).filter((piece) => piece !== '');
  const template = pieces.map((piece) => {
    const variable = /^\$\{([\w-]+)\}$/.exec(piece)?.[1];
    return variable === undefined ? piece : { variable };
  });
  return template.some((piece) => typeof piece === 'string' && piece.includes('${')) ? undefined : template;
}
