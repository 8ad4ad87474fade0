/** `cfg.yaml` -> {@link Settings}. Pure: text in, data out. */
export type {
  BranchRule,
  ConflictStrategy,
  LayerListRule,
  LayerSpec,
  LayerStrategy,
  ListRule,
  ProtectionLevel,
  SchemaRule,
  Settings,
  Stack,
  StrategyRule,
  Template,
} from './types.js';
