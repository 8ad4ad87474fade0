import { readFileSync } from 'node:fs';
import { packageRoot } from './installed.js';

/** The version of this cfg, as its package says. */
export function programVersion(): string {
  const text = readFileSync(new URL('package.json', packageRoot), 'utf8');
  return /"version": *"([^"]*)"/.exec(text)?.[1] ?? 'unknown';
}
