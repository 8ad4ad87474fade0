/** Ordered layers -> one value, and the origin of each key. Pure and synchronous. */
export type {
  Contribution,
  Layer,
  LayeredValue,
  LayerInput,
  LayerOptions,
  Origin,
  Part,
  Place,
  Provenance,
} from './types.js';
