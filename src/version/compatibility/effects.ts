import { equalValues, type ConfigValue, type KeyPath } from '../../doc/index.js';
import { compareSchemas } from './compare.js';

/** What one change of a JSON Schema means for what was valid before. */
export interface SchemaEffect {
  /** Where in the schema. */
  readonly path: KeyPath;
  /** `stricter`: what was valid may not be any more. `looser`: something new is valid. `note`: neither, such as a description. */
  readonly effect: 'stricter' | 'looser' | 'note';
}

/**
 * What a new version of a schema changes: what it takes away from the old one makes it stricter, what the old one takes away from it looser.
 * What cannot be judged, such as another pattern, counts as stricter; a key that is described for the first time as looser.
 */
export function schemaEffects(before: ConfigValue, after: ConfigValue): readonly SchemaEffect[] {
  if (equalValues(before, after)) return [];
  const effects = new Map<string, SchemaEffect>();
  const add = (path: KeyPath, effect: SchemaEffect['effect']): void => {
    const place = JSON.stringify(path);
    if (effects.get(place)?.effect !== 'stricter') effects.set(place, { path, effect });
  };
  for (const { at, isNew } of compareSchemas(before, after)) add(at, isNew ? 'looser' : 'stricter');
  for (const { at } of compareSchemas(after, before)) add(at, 'looser');
  return effects.size === 0 ? [{ path: [], effect: 'note' }] : [...effects.values()];
}
