/** `[REV:]FILE[#KEY]`. */
import { ConfigError } from '../errors.js';
import type { Address } from './types.js';

export function parseAddress(text: string): Address {
  throw new ConfigError('E_INTERNAL', `no ${text} yet`);
}
export function formatAddress(address: Address): string {
  throw new ConfigError('E_INTERNAL', `no ${address.file} yet`);
}
