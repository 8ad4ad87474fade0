/** Ordered layers -> one value, and the origin of each key. Pure and synchronous. */
export type { Layer, LayeredValue, LayerInput, LayerOptions, Origin, Place } from './types.js';
export { readAs } from './coerce.js';
export { environmentLayer, fileVariables, variablesUnder, type FileText } from './environment.js';
export { isNamedSecret, isSecretAt, maskValue, type IsSecret } from './mask.js';
export { publicUrl } from './secret.js';
export { mergeLayers } from './merge.js';
export { changeValue, changeValues, type ValueChange } from './change.js';
export {
  referencesIn,
  resolveReferences,
  type Reference,
  type Referred,
  type ValueCopy,
} from './references.js';
export { hasUnset } from './unset.js';
