import { equalValues, type ConfigValue, type KeyPath } from '../../doc/index.js';
import { compareSchemas } from './compare.js';
import type { Refer } from './parts.js';

/** A schema, and the other files that it may refer to. */
export interface SchemaSource {
  readonly value: ConfigValue;
  readonly refer: Refer;
}

/** What one change of a JSON Schema means for what was valid before. */
export interface SchemaEffect {
  /** Where in the schema. */
  readonly path: KeyPath;
  /** `stricter`: what was valid may not be any more. `looser`: something new is valid. `note`: neither, such as a description. */
  readonly effect: 'stricter' | 'looser' | 'note';
}

/**
 * What a new version of a schema changes: what it takes away from the old one makes it stricter, what the old one takes away from it looser.
 * What cannot be judged, such as another pattern, counts as stricter; a key that is described for the first time as looser. A schema whose own
 * text is the same changes with the files that it refers to.
 */
export function schemaEffects(before: SchemaSource, after: SchemaSource): readonly SchemaEffect[] {
  const effects = new Map<string, SchemaEffect>();
  const add = (path: KeyPath, effect: SchemaEffect['effect']): void => {
    const place = JSON.stringify(path);
    if (effects.get(place)?.effect !== 'stricter') effects.set(place, { path, effect });
  };
  for (const { at, isNew } of compareSchemas(before.value, after.value, {
    before: before.refer,
    after: after.refer,
  }))
    add(at, isNew ? 'looser' : 'stricter');
  for (const { at } of compareSchemas(after.value, before.value, {
    before: after.refer,
    after: before.refer,
  }))
    add(at, 'looser');
  if (effects.size > 0) return [...effects.values()];
  return equalValues(before.value, after.value) ? [] : [{ path: [], effect: 'note' }];
}
