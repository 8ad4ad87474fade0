/** Ordered layers -> one value, and the origin of each key. Pure and synchronous. */
export type { Layer, LayeredValue, LayerInput, LayerOptions, Origin, Place } from './types.js';
export { environmentLayer, fileVariables, type FileText } from './environment.js';
export { looksSecret, maskedText, publicUrl } from './secret.js';
export { mergeLayers } from './merge.js';
export { hasUnset } from './unset.js';
