import { ConfigError } from '../../errors.js';
import type { ConfigSource, SourceContent, SourceContext } from './types.js';

/** What a source answered in the end. */
export type Answer =
  | { readonly content: SourceContent | undefined; readonly attempts: number }
  | { readonly error: ConfigError; readonly attempts: number };

const firstDelayMs = 100;
const maxDelayMs = 5000;

/**
 * Asks a source, again after a pause that doubles when it fails, as often as it says, and then for what it has from before. An error with
 * `details.final` is not worth another attempt, and nothing is once the signal of the reading is aborted. Never throws what the source threw.
 */
export async function ask(source: ConfigSource, context: AskContext): Promise<Answer> {
  const { retries = 0 } = source;
  for (let attempts = 1; ; attempts++) {
    try {
      return { content: await attempt(source, context), attempts };
    } catch (error) {
      const failed = failureOf(source, error);
      const again = failed.code === 'E_SOURCE' && failed.details?.['final'] !== true;
      if (context.signal?.aborted === true) return { error: failed, attempts };
      if (attempts > retries || !again) return fallBack(source, context, { error: failed, attempts });
    }
    await pause(Math.min(firstDelayMs * 2 ** (attempts - 1), maxDelayMs), context.signal);
  }
}

/** What sources are asked with. Each attempt has a signal of its own; the one here ends the whole reading. */
export interface AskContext extends Omit<SourceContext, 'signal'> {
  readonly signal?: AbortSignal;
}

async function fallBack(
  source: ConfigSource,
  context: AskContext,
  failed: { readonly error: ConfigError; readonly attempts: number },
): Promise<Answer> {
  const { error, attempts } = failed;
  if (source.fallback === undefined || error.code !== 'E_SOURCE') return failed;
  const content = await source.fallback(error.message, unlimited(context));
  return content === undefined ? failed : { content, attempts };
}

async function attempt(source: ConfigSource, context: AskContext): Promise<SourceContent | undefined> {
  const { timeoutMs, name } = source;
  const { signal: ended } = context;
  if (timeoutMs === undefined && ended === undefined)
    return checked(await source.read(unlimited(context)), source);
  const controller = new AbortController();
  const reading = source.read({ ...context, signal: controller.signal });
  let timer: NodeJS.Timeout | undefined;
  let end: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    const stop = (message: string): void => {
      const error = new ConfigError('E_SOURCE', `source '${name}' ${message}`);
      reject(error);
      controller.abort(error);
    };
    if (timeoutMs !== undefined) timer = setTimeout(stop, timeoutMs, `took over ${timeoutMs} ms`);
    end = () => stop('was not waited for');
    ended?.addEventListener('abort', end, { once: true });
    if (ended?.aborted === true) end();
  });
  try {
    return checked(await Promise.race([reading, stopped]), source);
  } finally {
    clearTimeout(timer);
    if (end !== undefined) ended?.removeEventListener('abort', end);
  }
}

/** The sources of applications are not always typed. */
function checked(content: SourceContent | undefined, { name }: ConfigSource): SourceContent | undefined {
  if (content === undefined || isContent(content)) return content;
  throw new ConfigError('E_SOURCE', `source '${name}' gives no documents`, {
    hint: 'let it return { documents: [{ name, value }] } or { documents: [{ name, text }] }, or undefined for nothing',
    details: { final: true },
  });
}

function isContent(content: unknown): boolean {
  if (typeof content !== 'object' || content === null || !('documents' in content)) return false;
  return Array.isArray(content.documents) && content.documents.every(isDocument);
}

function isDocument(document: unknown): boolean {
  if (typeof document !== 'object' || document === null || !('name' in document)) return false;
  return 'text' in document
    ? typeof document.text === 'string'
    : 'value' in document || 'variables' in document;
}

/** Nothing ends it. A signal is only made for those who look at it: files are read faster than that. */
function unlimited(context: AskContext): SourceContext {
  return {
    ...context,
    get signal() {
      return new AbortController().signal;
    },
  };
}

/** What a source throws, as an error that names it. */
function failureOf(source: ConfigSource, error: unknown): ConfigError {
  if (error instanceof ConfigError) return error;
  const reason = error instanceof Error ? error.message : 'it threw something that is no error';
  return new ConfigError('E_SOURCE', `source '${source.name}' failed: ${reason}`, { cause: error });
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
