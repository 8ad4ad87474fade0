/** `cfg.yaml` -> {@link Settings}. Pure: text in, data out. */
export type {
  ConflictStrategy,
  LayerListRule,
  LayerSpec,
  LayerStrategy,
  ListRule,
  SchemaRule,
  Settings,
  Stack,
  StrategyRule,
  Template,
} from './types.js';
export type { BranchRule, ProtectionLevel } from '../policy/index.js';
export { isConfigFile, parseSettings } from './settings.js';
export { expandTemplate } from './layer-spec.js';
