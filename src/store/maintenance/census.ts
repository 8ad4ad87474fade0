import type { ObjectType, Oid } from '../types.js';

/** What the check of the objects found. */
export interface ObjectCensus {
  /** Objects with a whole copy in the repository. */
  readonly whole: Map<Oid, ObjectType>;
}
