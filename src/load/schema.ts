import { parseDocument, valueOf, type ConfigValue } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import type { CompiledSchema } from '../schema/index.js';
import { invalid, syntaxProblems } from './invalid.js';
import type { ConfigFiles } from './types.js';

/**
 * The schema in a file, with the files that it refers to. Throws E_INVALID for a schema that does not exist, does not parse or is none, and
 * what reading throws. The validator is only loaded now: most programs start without it.
 */
export async function readSchema(files: ConfigFiles, path: string): Promise<CompiledSchema> {
  const { compileSchema } = await import('../schema/index.js');
  const known = new Map<string, ConfigValue | undefined>();
  const schema = await readValue(files, path);
  if (schema === undefined)
    throw new ConfigError('E_INVALID', `schema '${path}' does not exist`, {
      hint: 'create it, or correct its path in cfg.yaml',
      details: { schema: path },
    });
  for (;;) {
    const wanted: string[] = [];
    const resolve = (other: string): ConfigValue | undefined => {
      if (!known.has(other)) wanted.push(other);
      return known.get(other);
    };
    try {
      return compileSchema(schema, { id: path, resolve });
    } catch (error) {
      const [missing] = wanted;
      if (missing === undefined) throw error;
      known.set(missing, await readValue(files, missing));
    }
  }
}

async function readValue(files: ConfigFiles, path: string): Promise<ConfigValue | undefined> {
  const text = await files.read(path);
  if (text === undefined) return undefined;
  const document = parseDocument(text, { path });
  if (!document.valid) throw invalid(`schema '${path}'`, syntaxProblems(document, path));
  return valueOf(document);
}
