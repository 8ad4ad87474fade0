/** Conversations with repositories elsewhere. What speaks with the network is loaded when it is first needed. */
import type { TransportOptions } from './open.js';
import type { Transport } from './types.js';

export * from './types.js';
export type { TransportOptions } from './open.js';
export { parseAddress, publicAddress } from './address.js';
export { mapRef, matchRef, parseRefspec, type Refspec } from './refspec.js';
export { reserveFolder } from './reserve-folder.js';

/** Nothing is sent before `discover`. Throws E_USAGE for an address that cannot be meant. */
export async function openTransport(options: TransportOptions): Promise<Transport> {
  return (await import('./open.js')).openTransport(options);
}
