/** Git's configuration wherever a program stands. */
import { isConfigError } from '../../errors.js';
import { discoverLayout, type DiscoverOptions } from '../discover.js';
import type { GitConfig } from '../types.js';
import { loadGitConfig } from './load.js';

/**
 * The configuration of the repository around a folder; outside of one, or in one that cfg cannot open, that of the user and the machine.
 * Throws E_CORRUPT, E_IO.
 */
export function configAround(options: DiscoverOptions): GitConfig {
  const { fs, env } = options;
  return loadGitConfig({ fs, env, ...layoutAround(options) });
}

function layoutAround(options: DiscoverOptions): { readonly layout?: ReturnType<typeof discoverLayout> } {
  try {
    return { layout: discoverLayout(options) };
  } catch (error) {
    if (isConfigError(error, 'E_NOT_A_REPOSITORY') || isConfigError(error, 'E_UNSUPPORTED_REPOSITORY'))
      return {};
    throw error;
  }
}
