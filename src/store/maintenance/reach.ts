/** Which objects can be reached from somewhere. */
import { join } from 'node:path';
import { ConfigError, isConfigError } from '../../errors.js';
import { readIfPresent } from '../disk.js';
import { parseCommit, parseTag } from '../objects/codec.js';
import { TreeCursor } from '../objects/tree.js';
import type { ObjectType, Oid, RawObject } from '../types.js';
import type { Premises } from './premises.js';
import type { Root } from './roots.js';

export interface Reached {
  readonly type: ObjectType;
  /** Where a tree or blob was met first, `''` for the rest: versions of one file have it in common. */
  readonly path: string;
}

interface Step {
  readonly oid: Oid;
  /** What the object that names it says it is; undefined for a root. */
  readonly type: ObjectType | undefined;
  readonly path: string;
  readonly root: Root;
}

export interface ReachOptions {
  /** Told of an object that is missing, damaged or of another type than it should be. What it throws ends the walk. */
  readonly onDamage: (oid: Oid, root: Root, error: ConfigError) => void;
  /** Whether a blob is there; they are not read. */
  readonly hasBlob: (oid: Oid) => boolean;
}

/** Walks from roots, newest first and commits before files; what was met is never walked again. */
export class Reach {
  /** In the order in which they were met. */
  readonly found: Map<Oid, Reached> = new Map();
  private readonly premises: Premises;
  private readonly options: ReachOptions;
  private readonly shallow: ReadonlySet<Oid>;
  /** Met and not there. */
  private readonly damaged = new Set<Oid>();

  constructor(premises: Premises, options: ReachOptions) {
    this.premises = premises;
    this.options = options;
    const shallow = readIfPresent(premises.disk.fs, join(premises.layout.commonDir, 'shallow'));
    this.shallow = new Set(shallow?.toString('latin1').split('\n'));
  }

  /** Required roots first: what only an old reflog entry misses is no damage. */
  walk(roots: readonly Root[]): void {
    for (const required of [true, false]) {
      const steps = roots
        .filter((root) => root.required === required)
        .map((root) => ({ oid: root.oid, type: root.type, path: '', root }));
      const files = steps.filter(isFile);
      this.drain(
        steps.filter((step) => !isFile(step)),
        files,
      );
      this.drain(files, files);
    }
  }

  /** Commits and tags from the front of `steps`, as they come; trees and blobs are put off to `files`, and then taken from its end. */
  private drain(steps: Step[], files: Step[]): void {
    const isFiles = steps === files;
    for (let at = 0; isFiles ? steps.length > 0 : at < steps.length; at += 1) {
      const step = isFiles ? steps.pop() : steps[at];
      if (step === undefined || this.found.has(step.oid)) continue;
      if (this.damaged.has(step.oid) && !step.root.required) continue;
      for (const next of this.visit(step)) (isFile(next) ? files : steps).push(next);
    }
  }

  private visit(step: Step): Step[] {
    try {
      return this.open(step);
    } catch (error) {
      if (!isConfigError(error, 'E_OBJECT_MISSING', 'E_CORRUPT', 'E_UNSUPPORTED_REPOSITORY')) throw error;
      this.damaged.add(step.oid);
      this.options.onDamage(step.oid, step.root, error);
      return [];
    }
  }

  private open(step: Step): Step[] {
    const { oid, path } = step;
    if (step.type === 'blob') {
      if (!this.options.hasBlob(oid)) throw missing(oid);
      this.found.set(oid, { type: 'blob', path });
      return [];
    }
    const { type, data } = this.premises.objects.read(oid);
    if (step.type !== undefined && step.type !== type)
      throw new ConfigError('E_CORRUPT', `object '${oid}' is a ${type}, not a ${step.type}`);
    const next = nextSteps(step, { type, data }, this.shallow);
    this.found.set(oid, { type, path });
    return next;
  }
}

function nextSteps({ oid, path, root }: Step, { type, data }: RawObject, shallow: ReadonlySet<Oid>): Step[] {
  if (type === 'blob') return [];
  if (type === 'tree') return treeSteps(data, path, root);
  if (type === 'tag') {
    const tag = parseTag(data);
    return [{ oid: tag.object, type: tag.type, path: '', root }];
  }
  const { tree, parents } = parseCommit(data);
  const older = shallow.has(oid) ? [] : parents;
  const commits = older.map((parent): Step => ({ oid: parent, type: 'commit', path: '', root }));
  return [{ oid: tree, type: 'tree', path: '', root }, ...commits];
}

/** Submodules are commits of other repositories. */
function treeSteps(data: Uint8Array, path: string, root: Root): Step[] {
  const steps: Step[] = [];
  for (const cursor = new TreeCursor(data); !cursor.done; cursor.next()) {
    const { mode, oid } = cursor;
    if (mode === '160000') continue;
    const type = mode === '040000' ? 'tree' : 'blob';
    steps.push({ oid, type, path: `${path}/${cursor.sortKey}`, root });
  }
  return steps;
}

const isFile = ({ type }: Step): boolean => type === 'tree' || type === 'blob';

function missing(oid: Oid): ConfigError {
  return new ConfigError('E_OBJECT_MISSING', `object '${oid}' is missing`, { details: { oid } });
}
