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
 * `details.final` is not worth another attempt. Never throws what the source threw.
 */
export async function ask(source: ConfigSource, context: AskContext): Promise<Answer> {
  const { retries = 0 } = source;
  for (let attempts = 1; ; attempts++) {
    try {
      return { content: await attempt(source, context), attempts };
    } catch (error) {
      const failed = failureOf(source, error);
      const again = failed.code === 'E_SOURCE' && failed.details?.['final'] !== true;
      if (attempts > retries || !again) return fallBack(source, context, { error: failed, attempts });
    }
    await pause(Math.min(firstDelayMs * 2 ** (attempts - 1), maxDelayMs));
  }
}

/** What sources are asked with; each attempt has a signal of its own. */
export type AskContext = Omit<SourceContext, 'signal'>;

async function fallBack(
  source: ConfigSource,
  context: AskContext,
  failed: { readonly error: ConfigError; readonly attempts: number },
): Promise<Answer> {
  const { error, attempts } = failed;
  if (source.fallback === undefined || error.code !== 'E_SOURCE') return failed;
  const { signal } = new AbortController();
  const content = await source.fallback(error.message, { ...context, signal });
  return content === undefined ? failed : { content, attempts };
}

async function attempt(source: ConfigSource, context: AskContext): Promise<SourceContent | undefined> {
  const { timeoutMs } = source;
  const controller = new AbortController();
  const reading = source.read({ ...context, signal: controller.signal });
  if (timeoutMs === undefined) return reading;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new ConfigError('E_SOURCE', `source '${source.name}' took over ${timeoutMs} ms`);
      reject(error);
      controller.abort(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a source throws, as an error that names it. */
function failureOf(source: ConfigSource, error: unknown): ConfigError {
  if (error instanceof ConfigError) return error;
  const reason = error instanceof Error ? error.message : 'it threw something that is no error';
  return new ConfigError('E_SOURCE', `source '${source.name}' failed: ${reason}`, { cause: error });
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
