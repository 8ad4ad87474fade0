import { readFileSync, statSync } from 'node:fs';

/**
 * Tells builds of cfg apart, for caches whose content another build may see differently: by version, and by the file that this code is in,
 * which in the executable is all of cfg.
 */
export function buildId(): string {
  const { size, mtimeMs } = statSync(new URL(import.meta.url));
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return `${/"version": *"([^"]*)"/.exec(manifest)?.[1]} ${size} ${mtimeMs}`;
}
