/** The line to one service of a server, whatever carries it. */
import type { PacketReader } from './packets.js';

/** What is sent: anew for each attempt, as a server may ask for credentials after it was given a part. */
export interface RequestBody {
  readonly bytes: number;
  readonly read: () => Iterable<Uint8Array>;
}

export interface Wire {
  /** Without credentials. */
  readonly url: string;
  /** Whether the service forgets everything between two requests (HTTP). */
  readonly isStateless: boolean;
  /** What the service begins with. */
  greeting(): Promise<PacketReader>;
  /** Sends a request; where the answer can be read. */
  request(body: RequestBody): Promise<PacketReader>;
  close(): Promise<void>;
}

/** A request that is at hand. */
export function bodyOf(...parts: readonly Buffer[]): RequestBody {
  return { bytes: parts.reduce((sum, { length }) => sum + length, 0), read: () => parts };
}
