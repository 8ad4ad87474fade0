/** Conversations with repositories elsewhere. */
export * from './types.js';
export { openTransport, type TransportOptions } from './open.js';
export { parseAddress, publicAddress } from './address.js';
export { mapRef, matchRef, parseRefspec, type Refspec } from './refspec.js';
export { reserveFolder, type ReservedFolder } from './reserve-folder.js';
