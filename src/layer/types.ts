/** The vocabulary of layers. No code here, only shapes. */
import type { ConfigValue, KeyPath } from '../doc/index.js';
import type { LayerListRule, LayerStrategy } from '../settings/index.js';

/** Where a value of a layer stands: a place in a file, or the variable of an environment. */
export interface Place {
  readonly file?: string;
  /** Counts from 1. */
  readonly line?: number;
  /** Counts from 1, in UTF-16 code units. */
  readonly column?: number;
  /** The name of the environment variable. */
  readonly variable?: string;
  /** Where it was fetched from, without credentials. */
  readonly url?: string;
}

/** Where a value comes from: the layer, and the place in it where that is known. */
export interface Origin extends Place {
  readonly layer: string;
}

/** Which token of a key a place is asked for. */
export type Part = 'key' | 'value';

/** A key path of keys and indexes only. */
export type EntryPath = readonly (string | number)[];

/** One source of configuration, read and parsed. */
export interface Layer {
  readonly name: string;
  readonly value: ConfigValue;
  /** Where `path` of this layer stands; undefined when it is not known. */
  readonly place?: (path: EntryPath, part: Part) => Place | undefined;
  /** The paths of this layer whose value is written where that of `path` is: YAML aliases lead there. Absent where there are none. */
  readonly alike?: (path: KeyPath) => readonly KeyPath[];
  /** The source knows only text (INI, environment), so its values take the type of what they override. Default false. */
  readonly textOnly?: boolean;
  /** Whether its value removes keys of the layers below, with the text `$unset`. Default: it is looked for. */
  readonly unsets?: boolean;
  /** How it goes over the layers below; default: as for all layers. */
  readonly strategy?: LayerStrategy;
}

/** A layer, or what makes one from the value of the layers below it (undefined: there is nothing to lay over it). */
export type LayerInput = Layer | ((below: ConfigValue) => Layer | undefined);

export interface LayerOptions {
  /** Default `merge`. */
  readonly strategy?: LayerStrategy;
  /** The first rule whose `at` (a glob over key paths) matches counts. Default: lists are replaced. */
  readonly lists?: readonly LayerListRule[];
}

/** What one layer says at a key path. */
export interface Contribution {
  readonly value: ConfigValue;
  readonly origin: Origin;
}

/** Why a key path has the value that it has. */
export interface Provenance extends Contribution {
  /** What the layers that lost say there, highest priority first. A map that several layers share counts as won by the highest. */
  readonly overridden: readonly Contribution[];
}

/** Paths of a layer that share one value, and all that the layer says. */
export interface Alike {
  readonly value: ConfigValue;
  readonly paths: readonly KeyPath[];
}

/** The value of some layers together, and where each key of it comes from. */
export interface LayeredValue {
  readonly value: ConfigValue;
  /** Undefined when the value has no such path. `part` chooses the token that the places are of (default `value`). */
  readonly explain: (path: KeyPath, part?: Part) => Provenance | undefined;
  /** Whether the value at a path is what a source that knows only text says. */
  readonly isText: (path: KeyPath) => boolean;
  /** Of each layer that says something at a path, also where it lost: its paths that share that value. Absent where nothing is shared. */
  readonly alike?: (path: KeyPath) => readonly Alike[];
  /** The highest layer that removes a path, for one that the value does not have. */
  readonly removedBy: (path: KeyPath) => Origin | undefined;
}
