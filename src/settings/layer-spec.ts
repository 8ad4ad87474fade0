import { closest } from '../errors.js';
import { outside, templateInside } from './inside.js';
import { brokenPlaceholder, parseTemplate } from './template.js';
import type { LayerCommon, LayerSpec, Template } from './types.js';

const schemes = ['env', 'git', 'http', 'https'] as const;

/** What a layer entry means, or why it means nothing. */
export type LayerSpecResult =
  { readonly spec: LayerSpec } | { readonly message: string; readonly hint?: string };

/**
 * Reads one entry of `layers` in its short form: a path, a folder (`conf.d/`), a glob, `env:PREFIX_`, `git:REV:PATH` or a URL, each with `${name}` placeholders;
 * one that ends in `?` is optional. Two or more letters before a colon are a scheme, and only known ones are accepted.
 */
export function parseLayerSpec(text: string): LayerSpecResult {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(text)?.[1];
  if (scheme === undefined) return fileLayer(text);
  const rest = text.slice(scheme.length + 1);
  if (scheme === 'env') return envLayer(text, rest);
  if (scheme === 'git') return gitLayer(text, rest);
  if (scheme === 'http' || scheme === 'https') return httpLayer(text);
  const meant = closest(scheme, schemes);
  return {
    message: `has the unknown source '${scheme}:'`,
    hint:
      meant === undefined
        ? 'known sources: PATH, env:PREFIX_, git:REV:PATH, https://…'
        : `did you mean '${meant}:'?`,
  };
}

function fileLayer(text: string): LayerSpecResult {
  const { path, optional } = optionalPath(text);
  if (path === '') return { message: 'names no file' };
  const template = parseTemplate(path);
  if (template === undefined) return brokenPlaceholder;
  const inside = templateInside(template);
  if (inside === undefined) return outside;
  return { spec: { ...common(text, optional), kind: kindOfPath(template), path: inside } };
}

/** `conf.d/` is a folder, `conf/*.yaml` and `{a,b}.yaml` are globs. */
function kindOfPath(template: Template): 'file' | 'folder' | 'glob' {
  const literals = template.filter((piece) => typeof piece === 'string');
  if (literals.some((piece) => /\*|\{[^}]*,[^}]*\}/.test(piece))) return 'glob';
  const last = template.at(-1);
  return typeof last === 'string' && last.endsWith('/') ? 'folder' : 'file';
}

function envLayer(text: string, prefix: string): LayerSpecResult {
  if (prefix === '')
    return { message: 'needs a prefix', hint: 'the prefix of the variables, as in env:APP_' };
  const template = parseTemplate(prefix);
  return template === undefined
    ? brokenPlaceholder
    : { spec: { ...common(text, true), kind: 'env', prefix: template } };
}

function gitLayer(text: string, rest: string): LayerSpecResult {
  const colon = rest.indexOf(':');
  const { path, optional } = optionalPath(rest.slice(colon + 1));
  if (colon < 1 || path === '')
    return { message: 'is no revision and path', hint: 'as in git:v1.2.0:base.yaml' };
  const [revision, file] = [parseTemplate(rest.slice(0, colon)), parseTemplate(path)];
  if (revision === undefined || file === undefined) return brokenPlaceholder;
  const inside = templateInside(file);
  return inside === undefined
    ? outside
    : { spec: { ...common(text, optional), kind: 'git', revision, path: inside } };
}

/** An empty query means nothing in a URL, so a last `?` is ours. */
function httpLayer(text: string): LayerSpecResult {
  const { path: url, optional } = optionalPath(text);
  const template = parseTemplate(url, { env: true });
  if (template === undefined) return brokenPlaceholder;
  return { spec: { ...common(text, optional), kind: 'http', url: template, headers: new Map() } };
}

function common(text: string, optional: boolean): LayerCommon {
  return { text, optional, priority: 0 };
}

function optionalPath(text: string): { readonly path: string; readonly optional: boolean } {
  return text.endsWith('?') ? { path: text.slice(0, -1), optional: true } : { path: text, optional: false };
}
