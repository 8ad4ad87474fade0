/** Ordered layers -> one value, and the origin of each key. Pure and synchronous. */
export type {
  Contribution,
  EntryPath,
  Layer,
  LayeredValue,
  LayerInput,
  LayerOptions,
  Origin,
  Part,
  Place,
  Provenance,
} from './types.js';
export { environmentLayer } from './environment.js';
export { mergeLayers } from './merge.js';
