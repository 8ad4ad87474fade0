import { ConfigError } from '../../errors.js';
import type { Environment, Problem } from '../types.js';
import { ask } from './ask.js';
import { layerOf, type ReadLayer } from './document.js';
import type { ConfigSource, LookedAt, SourceContent, SourceHealth } from './types.js';

export interface ReadContext {
  readonly env: Environment;
  /** Ends the reading: what is asked then has failed. */
  readonly signal?: AbortSignal;
  readonly look: (place: LookedAt) => void;
  /** The error for a required source that is not there. */
  readonly missing: (source: ConfigSource) => ConfigError;
}

/** What sources said, lowest priority first. */
export interface ReadSources {
  readonly layers: readonly ReadLayer[];
  /** Of every source, in the same order. */
  readonly health: readonly SourceHealth[];
  /** What keeps documents of them from having a value. */
  readonly problems: readonly Problem[];
}

/**
 * Reads sources whole, all at once, and parses what they say. A source that is optional and is not there, or fails, is left out.
 * Throws E_SOURCE when a required one is not there, and what it threw when it failed.
 */
export async function readSources(
  sources: readonly ConfigSource[],
  context: ReadContext,
): Promise<ReadSources> {
  const ordered = sources.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  const results = await Promise.all(ordered.map((source) => readSource(source, context)));
  for (const { error } of results) if (error !== undefined) throw error;
  return {
    layers: results.flatMap(({ layers }) => layers),
    health: results.map(({ health }) => health),
    problems: results.flatMap(({ problems }) => problems),
  };
}

interface ReadSource {
  readonly layers: readonly ReadLayer[];
  readonly health: SourceHealth;
  readonly problems: readonly Problem[];
  readonly error?: ConfigError;
}

async function readSource(source: ConfigSource, context: ReadContext): Promise<ReadSource> {
  const { name, kind = 'custom', optional = false } = source;
  const answer = await ask(source, context);
  const { attempts } = answer;
  const leftOut = (health: Pick<SourceHealth, 'status' | 'reason'>): ReadSource => ({
    layers: [],
    problems: [],
    health: { name, kind, attempts, ...health },
  });
  if ('error' in answer) {
    const error = naming(source, answer.error);
    const out = leftOut({ status: 'failed', reason: error.message });
    return optional && failures.has(error.code) ? out : { ...out, error };
  }
  if (answer.content !== undefined)
    return { ...parsed(source, answer.content), health: healthOf(source, answer.content, attempts) };
  const out = leftOut({ status: 'missing' });
  return optional ? out : { ...out, error: context.missing(source) };
}

/** What an optional source may fail with; anything else is wrong with what it says. */
const failures: ReadonlySet<ConfigError['code']> = new Set([
  'E_SOURCE',
  'E_NOT_A_REPOSITORY',
  'E_REVISION_NOT_FOUND',
]);

/** The error as one of this source. */
function naming({ name }: ConfigSource, { code, message, hint, details, cause }: ConfigError): ConfigError {
  return new ConfigError(code, message.includes(name) ? message : `layer '${name}': ${message}`, {
    ...(hint !== undefined && { hint }),
    details: { layer: name, ...details },
    cause,
  });
}

function healthOf(
  { name, kind = 'custom' }: ConfigSource,
  { stale, instead }: SourceContent,
  attempts: number,
): SourceHealth {
  if (stale !== undefined) return { name, kind, attempts, status: 'stale', ...stale };
  return { name, kind, attempts, status: 'ok', ...(instead !== undefined && { reason: instead }) };
}

function parsed({ strategy }: ConfigSource, content: SourceContent): Omit<ReadSource, 'health'> {
  const layers: ReadLayer[] = [];
  const problems: Problem[] = [];
  for (const document of content.documents) {
    const result = layerOf(document);
    if ('problems' in result) problems.push(...result.problems);
    else layers.push(strategy === undefined ? result.layer : withStrategy(result.layer, strategy));
  }
  return { layers, problems };
}

function withStrategy(layer: ReadLayer, strategy: NonNullable<ConfigSource['strategy']>): ReadLayer {
  return typeof layer === 'function'
    ? (below) => {
        const made = layer(below);
        return made && { ...made, strategy };
      }
    : { ...layer, strategy };
}
