import { ConfigError } from '../../errors.js';
import { expandTemplate, type LayerSpec, type Stack, type Template } from '../../settings/index.js';
import type { ConfigFiles } from '../types.js';
import { fileSource, folderSource, gitSource, globSource } from './file.js';
import type { ConfigSource } from './types.js';

export interface SpecContext {
  readonly stack: Stack;
  readonly files: ConfigFiles;
  readonly variables: ReadonlyMap<string, string>;
}

/** The source that an entry of `layers` means. Throws E_USAGE when a variable is missing. */
export function sourceOf(spec: LayerSpec, context: SpecContext): ConfigSource {
  const { optional, priority, strategy } = spec;
  return { ...readerOf(spec, context), optional, priority, ...(strategy !== undefined && { strategy }) };
}

function readerOf(spec: LayerSpec, context: SpecContext): Pick<ConfigSource, 'name' | 'kind' | 'read'> {
  const { files } = context;
  const expand = (template: Template): string => expanded(template, spec, context);
  switch (spec.kind) {
    case 'env':
      return environmentSource(expand(spec.prefix));
    case 'git':
      return gitSource(files, expand(spec.revision), expand(spec.path));
    case 'folder':
      return folderSource(files, expand(spec.path));
    case 'glob':
      return globSource(files, expand(spec.path));
    default:
      return fileSource(files, expand(spec.path));
  }
}

/** Environment variables under a prefix. */
function environmentSource(prefix: string): Pick<ConfigSource, 'name' | 'kind' | 'read'> {
  const name = `env:${prefix}`;
  return {
    name,
    kind: 'env',
    read: ({ env }) => ({ documents: [{ name, prefix, variables: env }] }),
  };
}

function expanded(template: Template, spec: LayerSpec, { stack, variables }: SpecContext): string {
  const { text, missing } = expandTemplate(template, variables);
  const [name] = missing;
  if (name === undefined) return text;
  const values = stack.matrix.get(name);
  throw new ConfigError(
    'E_USAGE',
    `layer '${spec.text}' of stack '${stack.name}' needs the variable '${name}'`,
    {
      hint: `give it with ${name === 'env' ? '-e VALUE' : `--var ${name}=VALUE`}, or as variables: { ${name}: VALUE } in code${
        values === undefined ? '' : ` (${values.join(', ')})`
      }`,
      details: { stack: stack.name, variable: name, ...(values === undefined ? {} : { values }) },
    },
  );
}
