/** What `cfg.yaml` says, with every default filled in. Shapes only. */
import type { ConfigObject, Format } from '../doc/index.js';
import type { RuleLevel } from '../lint/index.js';
import type { BranchRule } from '../policy/index.js';
import type { ConflictStrategy } from './conflict-strategies.js';

/** Which schema the files that a glob matches must satisfy. */
export interface SchemaRule {
  /** A glob over repository paths. */
  readonly files: string;
  /** The repository path of the schema (JSON or YAML). */
  readonly schema: string;
}

/**
 * How the lists at a place are matched when they are merged: by fields that identify an item, as a set, or only whole.
 * The first rule that matches counts.
 */
export type ListRule =
  | { readonly at: string; readonly kind: 'key'; readonly fields: readonly string[] }
  | { readonly at: string; readonly kind: 'set' | 'atomic' };

/** What decides the conflicts at a place; the first rule that matches counts. */
export interface StrategyRule {
  /** A rule as `FILE-GLOB#KEY-GLOB`. */
  readonly at: string;
  readonly use: ConflictStrategy;
}

/** How a later layer goes over an earlier one. */
export type LayerStrategy = 'merge' | 'override' | 'first-wins' | 'last-wins';

/** What happens to a list that two layers have; `key` joins items whose fields agree. The first rule that matches counts. */
export type LayerListRule =
  | { readonly at: string; readonly use: 'replace' | 'append' | 'union' }
  | { readonly at: string; readonly use: 'key'; readonly fields: readonly string[] };

/** A text with `${name}` in it, taken apart; `${env:NAME}`, where it is allowed, is the variable `env:NAME`. */
export type Template = readonly (string | { readonly variable: string })[];

/** What every entry of `layers` may say besides where it comes from. */
export interface LayerCommon {
  /** The entry in its short form: the name of the layer before variables are filled in. */
  readonly text: string;
  /** Left out when it is not there, and with a warning when it cannot be read. */
  readonly optional: boolean;
  /** Layers of a higher priority lie over those of a lower; among equals the later one does. Default 0. */
  readonly priority: number;
  /** How it goes over the layers below; default: as the stack says. */
  readonly strategy?: LayerStrategy;
  /** What one attempt to read it may take. */
  readonly timeoutMs?: number;
  /** How often a failed attempt is repeated. */
  readonly retries?: number;
}

/** Where a layer comes from. */
export type LayerSource =
  | { readonly kind: 'file'; readonly path: Template }
  /** The configuration files directly in a folder, or all that match a glob, by name; each is a layer. */
  | { readonly kind: 'folder' | 'glob'; readonly path: Template }
  | {
      readonly kind: 'env';
      readonly prefix: Template;
      /** Which `NAME_FILE` name a file with the value of `NAME`; default: those whose key looks secret. */
      readonly files?: boolean;
    }
  | { readonly kind: 'git'; readonly revision: Template; readonly path: Template }
  | HttpLayer
  | SqlLayer
  | { readonly kind: 'value'; readonly value: ConfigObject }
  /** The first that is there and can be read counts. */
  | { readonly kind: 'failover'; readonly layers: readonly LayerSpec[] };

export interface HttpLayer {
  readonly kind: 'http';
  readonly url: Template;
  /** Default: what the URL ends in, else what the server says. */
  readonly format?: Format;
  /** In file order. */
  readonly headers: ReadonlyMap<string, Template>;
  /** Whether the last good answer is kept on disk. Default true. */
  readonly cache?: boolean;
  /** How often a watcher asks again. */
  readonly everyMs?: number;
}

export interface SqlLayer {
  readonly kind: 'sql';
  /** A connection URL. */
  readonly connection: Template;
  /** Gives rows with the columns `key` and `value`. */
  readonly query: string;
  /** The values of `$1`, `$2` … of the query. */
  readonly parameters: readonly Template[];
  readonly everyMs?: number;
}

export type LayerSpec = LayerCommon & LayerSource;

export interface Stack {
  readonly name: string;
  /** Lowest priority first: later wins. */
  readonly layers: readonly LayerSpec[];
  /** Default `merge`. */
  readonly strategy: LayerStrategy;
  /** Lists that no rule matches are replaced. */
  readonly lists: readonly LayerListRule[];
  /** Whether `${…}` in values is filled in. Default false. */
  readonly interpolate: boolean;
  /** The repository path of the schema that the merged value must satisfy. */
  readonly schema?: string;
  /** Variable name to the values that it may have, in file order. */
  readonly matrix: ReadonlyMap<string, readonly string[]>;
}

/** What becomes of what a rule finds. */
export interface RuleSetting {
  /** Default: that of the rule. */
  readonly level: RuleLevel;
  /** Places as `FILE-GLOB` or `FILE-GLOB#KEY-GLOB` where the rule is off. */
  readonly except: readonly string[];
}

/** What `cfg.yaml` says, with every default filled in. */
export interface Settings {
  readonly version: 1;
  /**
   * The folder that `cfg.yaml` says its paths are relative to; empty: the root of the repository. In everything below they are
   * from the root of the repository already.
   */
  readonly root: string;
  /** Globs over repository paths: what counts as configuration. One that begins with `!` takes out what it matches. */
  readonly files: readonly string[];
  readonly schemas: readonly SchemaRule[];
  /** By rule id; rules that are not named do what they do by default. */
  readonly rules: ReadonlyMap<string, RuleSetting>;
  /** In file order. */
  readonly branches: readonly BranchRule[];
  readonly merge: {
    readonly lists: readonly ListRule[];
    readonly strategies: readonly StrategyRule[];
    /** `strict`: a comment that both sides changed, and keys that both added with one comment or value, are conflicts. Default `soft`. */
    readonly comments: 'soft' | 'strict';
  };
  /** By name, in file order. */
  readonly stacks: ReadonlyMap<string, Stack>;
}
