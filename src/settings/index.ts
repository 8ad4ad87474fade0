/** `cfg.yaml` -> {@link Settings}. Pure: text in, data out. */
export type { LayerListRule, LayerSpec, LayerStrategy, Settings, Stack, Template } from './types.js';
export { isConfigFile, parseSettings } from './settings.js';
export { expandTemplate } from './layer-spec.js';
