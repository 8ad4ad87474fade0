/** `cfg.yaml` -> {@link Settings}. Pure: text in, data out. */
export type {
  HttpLayer,
  LayerListRule,
  LayerSpec,
  LayerStrategy,
  Settings,
  SqlLayer,
  Stack,
  Template,
} from './types.js';
export { conflictStrategies, type ConflictStrategy, type ValueStrategy } from './conflict-strategies.js';
export { outside, pathInside } from './inside.js';
export { combinations, type Variables } from './matrix.js';
export { isConfigFile, parseSettings } from './settings.js';
export { parseLayers } from './stacks.js';
export { expandTemplate } from './template.js';
