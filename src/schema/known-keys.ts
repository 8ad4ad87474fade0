import { isMap, lookup } from '../doc/index.js';
import type { SchemaFile } from './references.js';

/**
 * The keys that a schema names beside the keyword at `schemaPath`, sorted. Through a reference the path does not tell the file, so the
 * first file that has keys there counts; the answer is for a hint.
 */
export function knownKeys(schemaPath: string, files: readonly SchemaFile[]): readonly string[] {
  const hash = schemaPath.indexOf('#');
  const steps = (hash < 0 ? schemaPath.replace(/^[^/]*/, '') : schemaPath.slice(hash + 1))
    .split('/')
    .slice(1, -1);
  const keys = steps.map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  for (const { schema } of files) {
    const properties = lookup(schema, [...keys, 'properties']);
    if (isMap(properties)) return Object.keys(properties).toSorted();
  }
  return [];
}
