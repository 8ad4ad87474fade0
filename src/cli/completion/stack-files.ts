import { join } from 'node:path';
import type { Repository } from '../../repo/index.js';
import type { LayerSpec, Template } from '../../settings/index.js';

/** Absolute paths of the files that the stacks of a worktree read in any combination of their matrix; some may not be there. */
export async function filesOfStacks(repository: Repository): Promise<readonly string[]> {
  const { root } = repository;
  if (root === undefined) return [];
  const { combinations, expandTemplate } = await import('../../settings/index.js');
  const { stacks } = await repository.settings();
  const files = [...stacks.values()].flatMap((stack) =>
    combinations(stack).flatMap((variables) =>
      stack.layers.flatMap(templatesOf).flatMap((template) => {
        const { text, missing } = expandTemplate(template, (name) => variables[name]);
        return missing.length === 0 ? [join(root, text)] : [];
      }),
    ),
  );
  return [...new Set(files)];
}

function templatesOf(layer: LayerSpec): readonly Template[] {
  if (layer.kind === 'failover') return layer.layers.flatMap(templatesOf);
  return layer.kind === 'file' ? [layer.path] : [];
}
