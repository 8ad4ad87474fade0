import { ConfigError } from '../../errors.js';
import { Engine, type EngineListener } from './engine.js';
import { chokidarHints } from './hints.js';
import { invalidConfig } from './invalid.js';
import { Live } from './live.js';
import type { OpenHints } from './ports.js';
import { stackSources } from './sources.js';
import type { LiveConfig, WatchOptions } from './types.js';

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
export function watchConfig(options: WatchOptions = {}): Promise<LiveConfig> {
  const { persistent = true, env = process.env } = options;
  return watchWith(chokidarHints({ persistent, env }), options);
}

/** The same with hints from elsewhere. */
export async function watchWith(openHints: OpenHints, options: WatchOptions): Promise<LiveConfig> {
  const { settleMs = 50, rescanMs = 3000, persistent = true, signal, ...stack } = options;
  checkTime('settleMs', settleMs, 0);
  checkTime('rescanMs', rescanMs, 10);
  signal?.throwIfAborted();
  let live: Live | undefined;
  let stopped: unknown;
  const listener: EngineListener = {
    onConfig: (config) => live?.publish(config),
    onFailure: (error) => live?.refuse(invalidConfig(error)),
    onTrouble: (error) => (live === undefined ? stop(error) : live.report(error)),
  };
  const engine = new Engine(
    { sources: stackSources(stack), openHints, listener },
    { settleMs, rescanMs, persistent },
  );
  const stop = (reason: unknown): void => {
    stopped ??= reason;
    void engine.close();
  };
  const abort = (): void => (live === undefined ? stop(signal?.reason) : void live.close());
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const config = await engine.start();
    live = new Live(config, () => {
      signal?.removeEventListener('abort', abort);
      return engine.close();
    });
    return live;
  } catch (error) {
    signal?.removeEventListener('abort', abort);
    throw stopped ?? error;
  }
}

/** A day, which timers can hold. */
const maxMs = 86_400_000;

function checkTime(name: string, value: number, least: number): void {
  if (value >= least && value <= maxMs) return;
  throw new ConfigError('E_USAGE', `'${name}' is ${value}`, {
    hint: `give milliseconds from ${least} to ${maxMs}`,
  });
}
