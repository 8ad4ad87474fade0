import type { ConfigValue } from '../doc/index.js';
import type { StandardSchema } from './standard-schema.js';
import type { LiveConfig, WatchOptions } from './watch/types.js';

/**
 * Loads a stack as `loadConfig` does and follows its sources until closed: files, folders, links, schemas, `cfg.yaml` and the
 * revisions of Git sources. Only what was whole, at rest and valid takes effect; anything else leaves the last good one and is told as `invalid`.
 *
 * A write takes effect `settleMs` (50 ms) after its last byte; eight times that when it looks unfinished, since a source got shorter or is gone. A
 * writer that pauses longer than that in the middle, at a place where what it has written is valid, cannot be told from one that has finished.
 *
 * Throws what `loadConfig` throws when there is no valid configuration to begin with, E_USAGE for times that are none, and the reason of
 * `signal` when that is aborted before.
 */
export function watchConfig<T>(
  options: WatchOptions & { readonly schema: StandardSchema<T> },
): Promise<LiveConfig<T>>;
export function watchConfig<T = ConfigValue>(options?: WatchOptions): Promise<LiveConfig<T>>;
export async function watchConfig(options: WatchOptions = {}): Promise<LiveConfig> {
  // Loaded when it is first asked for: most programs load once.
  return (await import('./watch/watch-config.js')).watchConfig(options);
}
