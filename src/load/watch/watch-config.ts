import { ConfigError } from '../../errors.js';
import { Engine, type EngineListener } from './engine.js';
import { chokidarHints } from './hints.js';
import { invalidConfig } from './invalid.js';
import { Live } from './live.js';
import type { OpenHints } from './ports.js';
import { stackSources } from './sources.js';
import type { LiveConfig, WatchOptions } from './types.js';

/** What `watchConfig` of ../watch.ts does. */
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
