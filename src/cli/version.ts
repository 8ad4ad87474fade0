import { readFileSync } from 'node:fs';

/** The version of this cfg, as its package says. */
export function programVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return /"version": *"([^"]*)"/.exec(text)?.[1] ?? 'unknown';
}
