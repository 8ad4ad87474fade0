import { formatOf, type Format } from '../../doc/index.js';
import { ConfigError } from '../../errors.js';
import { publicUrl } from '../../layer/index.js';
import { layerOf } from './document.js';
import type { Reader } from './file.js';
import type { Kept } from './last-good.js';
import type { SourceContent, SourceContext, SourceDocument } from './types.js';

export interface HttpOptions {
  readonly url: string;
  /** What origins and errors call it. No secrets. */
  readonly name: string;
  /** Default: what the path ends in, else the `Content-Type`. */
  readonly format?: Format;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the last good answer is kept on disk. */
  readonly cache: boolean;
  /** How often it is worth asking again, in milliseconds. */
  readonly everyMs: number;
}

/** More than any configuration has. */
const maxBytes = 32 * 1024 * 1024;

/** The last good answers of this process, by what was asked. */
const remembered = new Map<string, Kept>();

/**
 * A document that a server gives. It is asked with the `ETag` (or `Last-Modified`) of the last answer, so what has not changed is not sent
 * again (RFC 9110 section 13). An answer is kept when it makes a layer, and used when the server fails, with its age. 404 and 410 mean that
 * there is nothing.
 */
export function httpSource(options: HttpOptions): Reader {
  const { name, everyMs } = options;
  return {
    name,
    kind: 'http',
    read: async (context) => {
      context.look({ kind: 'remote', source: name, everyMs });
      return fetchDocument(options, context);
    },
    fallback: async (reason, { env }) => {
      const kept = await lastGood(options, env);
      if (kept === undefined) return undefined;
      return {
        ...contentOf(options, kept),
        stale: { reason, ageMs: Math.max(0, Date.now() - kept.checkedAt) },
      };
    },
  };
}

async function fetchDocument(
  options: HttpOptions,
  { signal, env }: SourceContext,
): Promise<SourceContent | undefined> {
  const known = await lastGood(options, env);
  const response = await request(options, { known, signal });
  if (response.status === 404 || response.status === 410) return undefined;
  if (response.status === 304 && known !== undefined) {
    const kept = { ...known, checkedAt: Date.now() };
    await keepGood(options, env, kept);
    return contentOf(options, kept);
  }
  if (!response.ok) throw refused(options, response.status);
  const kept = await keptOf(options, response);
  await keepGood(options, env, kept);
  return contentOf(options, kept);
}

async function request(
  { url, name, headers }: HttpOptions,
  { known, signal }: { readonly known: Kept | undefined; readonly signal: AbortSignal },
): Promise<Response> {
  const conditions = {
    ...(known?.etag !== undefined && { 'if-none-match': known.etag }),
    ...(known?.etag === undefined &&
      known?.modified !== undefined && { 'if-modified-since': known.modified }),
  };
  const accept = 'application/yaml, application/json, text/plain;q=0.8, */*;q=0.5';
  if (!URL.canParse(url) || !/^https?:/i.test(url))
    throw new ConfigError('E_SOURCE', `'${name}' is no address of a web server`, {
      hint: 'as in https://config.example.com/app.yaml',
      details: { final: true },
    });
  const own = { ...credentialsOf(url), ...lowerCased(headers) };
  let at = withoutCredentials(url);
  for (let hop = 0; ; hop += 1) {
    const response = await ask(at, name, { signal, headers: { accept, ...conditions, ...own } });
    const next = response.headers.get('location');
    if (next === null || !redirects.has(response.status) || !URL.canParse(next, at)) return response;
    await response.body?.cancel();
    if (hop === mostRedirects)
      throw new ConfigError('E_SOURCE', `'${name}' redirects more than ${mostRedirects} times`, {
        hint: 'its addresses may redirect to each other: give the one that answers',
        details: { final: true },
      });
    const target = new URL(next, at);
    // Headers may hold a credential of that server: another one does not get them.
    if (Object.keys(own).length > 0 && target.origin !== new URL(url).origin)
      throw new ConfigError('E_SOURCE', `'${name}' redirects to another server, '${target.origin}'`, {
        hint: 'its headers and password are not sent there: give the address that it redirects to',
        details: { final: true },
      });
    at = withoutCredentials(target.href);
  }
}

/** The header for user and password of a URL, which `fetch` does not take there (RFC 7617; the text is UTF-8). */
function credentialsOf(url: string): Readonly<Record<string, string>> {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return {};
  const text = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}

/** A `%` that begins no code stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function withoutCredentials(url: string): string {
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  return bare.href;
}

/** Names of headers are equal but for case; the later of two counts. */
function lowerCased(headers: HttpOptions['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 10;

async function ask(url: string, name: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...options, redirect: 'manual' });
  } catch (cause) {
    throw new ConfigError('E_SOURCE', `cannot reach '${name}' (${reasonOf(cause)})`, { cause });
  }
}

/** The code of a network failure; never its message, which may have the URL in it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const inner = error.cause instanceof Error ? error.cause : error;
  if ('code' in inner && typeof inner.code === 'string') return inner.code;
  return error instanceof ConfigError ? error.message : inner.name === 'Error' ? 'refused' : inner.name;
}

function refused({ name }: HttpOptions, status: number): ConfigError {
  const final = status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
  return new ConfigError('E_SOURCE', `'${name}' answered with status ${status}`, {
    ...((status === 401 || status === 403) && { hint: "give it credentials with 'headers:'" }),
    details: { status, final },
  });
}

/** An answer that makes a layer; a page that a proxy sent instead does not. */
async function keptOf(options: HttpOptions, response: Response): Promise<Kept> {
  const { name } = options;
  const format = options.format ?? formatFor(options.url, response.headers.get('content-type'));
  if (format === undefined)
    throw new ConfigError('E_SOURCE', `cannot tell the format of '${name}'`, {
      hint: 'say it with format: yaml, json or ini',
      details: { final: true },
    });
  const text = await textOf(options, response);
  const [etag, modified] = [response.headers.get('etag'), response.headers.get('last-modified')];
  const marks = { ...(etag !== null && { etag }), ...(modified !== null && { modified }) };
  const kept = { text, format, checkedAt: Date.now(), ...marks };
  requireLayer(options, kept);
  return kept;
}

function requireLayer(options: HttpOptions, kept: Kept): void {
  const result = layerOf(documentOf(options, kept));
  const [problem] = 'problems' in result ? result.problems : [];
  if (problem === undefined) return;
  const { rule, line, column, message } = problem;
  const what = rule === 'layer-map' ? 'layer' : kept.format;
  throw new ConfigError(
    'E_SOURCE',
    `'${options.name}' answered with something that is no ${what}: line ${line}, column ${column}: ${message}`,
  );
}

function formatFor(url: string, contentType: string | null): Format | undefined {
  const named = formatOf(new URL(url).pathname);
  if (named !== undefined) return named;
  const [, found] = /\b(json|ya?ml|ini)\b/i.exec(contentType ?? '') ?? [];
  if (found === undefined) return undefined;
  const word = found.toLowerCase();
  return word === 'json' || word === 'ini' ? word : 'yaml';
}

async function textOf({ name }: HttpOptions, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new ConfigError('E_SOURCE', `'${name}' broke off (${reasonOf(cause)})`, { cause });
  }
  if (size > maxBytes) throw new ConfigError('E_LIMIT', `'${name}' is larger than ${maxBytes} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new ConfigError('E_SOURCE', `'${name}' answered with what is no UTF-8 text`, { cause });
  }
}

function contentOf(options: HttpOptions, kept: Kept): SourceContent {
  const { etag } = kept;
  return { documents: [documentOf(options, kept)], ...(etag !== undefined && { identity: etag }) };
}

function documentOf({ name, url }: HttpOptions, { text, format }: Kept): SourceDocument {
  return { name, text, format, url: publicUrl(url) };
}

/** What was asked, credentials included: another user may get another answer. */
function keyOf({ url, headers }: HttpOptions): string {
  return JSON.stringify([url, Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

async function lastGood(options: HttpOptions, env: SourceContext['env']): Promise<Kept | undefined> {
  const key = keyOf(options);
  const known = remembered.get(key);
  if (known !== undefined || !options.cache) return known;
  const { keptPath, recall } = await import('./last-good.js');
  const path = keptPath(env, key);
  return path === undefined ? undefined : recall(path);
}

async function keepGood(options: HttpOptions, env: SourceContext['env'], kept: Kept): Promise<void> {
  const key = keyOf(options);
  remembered.set(key, kept);
  if (!options.cache) return;
  const { keep, keptPath } = await import('./last-good.js');
  const path = keptPath(env, key);
  if (path !== undefined) keep(path, kept);
}
