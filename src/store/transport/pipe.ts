/** A wire over a program's standard streams, or over a socket. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { isConfigError } from '../../errors.js';
import { cutOff } from './failure.js';
import { flushPacket, PacketReader } from './packets.js';
import type { RequestBody, Wire } from './wire.js';

/** Two streams to the same service. */
export interface Pipe {
  readonly input: Writable;
  readonly output: Readable;
  /** Once the other side has ended: undefined where all went well, otherwise why not. */
  readonly outcome: Promise<Error | undefined>;
  /** Ends the other side by force. */
  readonly kill: () => void;
}

/** How long a service may take to end after everything was said, in milliseconds. */
const farewellMs = 5_000;

export class PipeWire implements Wire {
  readonly url: string;
  readonly isStateless = false;
  private readonly pipe: Pipe;
  private readonly received: AsyncGenerator<Uint8Array, void, undefined>;
  private readonly reader: PacketReader;
  private isAsked = false;

  constructor(url: string, pipe: Pipe) {
    this.url = url;
    this.pipe = pipe;
    this.received = this.output();
    this.reader = new PacketReader(this.received, url);
    // What cannot be sent any more shows in what comes back: the reader tells the reason that the other side gave.
    pipe.input.on('error', () => pipe.output.push(null));
  }

  async greeting(): Promise<PacketReader> {
    return this.reader;
  }

  async request(body: RequestBody): Promise<PacketReader> {
    this.isAsked = true;
    const { input } = this.pipe;
    for (const chunk of body.read()) {
      if (input.destroyed || !input.writable) break;
      if (!input.write(chunk)) await Promise.race([once(input, 'drain'), closed(input)]);
    }
    return this.reader;
  }

  async close(): Promise<void> {
    const { input, outcome, kill } = this.pipe;
    if (!this.isAsked && input.writable) input.write(flushPacket);
    input.end();
    const timer = setTimeout(kill, farewellMs);
    await this.passOver();
    await outcome;
    clearTimeout(timer);
  }

  /** What nobody has read: the other side does not end before. How it ends is of no interest any more. */
  private async passOver(): Promise<void> {
    try {
      while ((await this.received.next()).done !== true);
    } catch (error) {
      if (!isConfigError(error, 'E_REMOTE')) throw error;
    }
  }

  private async *output(): AsyncGenerator<Uint8Array, void, undefined> {
    const { output, outcome } = this.pipe;
    try {
      for await (const chunk of output) yield asBytes(chunk);
    } catch (error) {
      throw (await outcome) ?? cutOff(this.url, error);
    }
    const failure = await outcome;
    if (failure !== undefined) throw failure;
  }
}

async function closed(stream: Writable): Promise<void> {
  if (!stream.destroyed) await once(stream, 'close');
}

function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError('a stream of bytes gave something else');
}
