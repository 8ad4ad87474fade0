/** Opens a conversation with a repository elsewhere. */
import type { Environment } from '../config/load.js';
import type { GitConfig } from '../types.js';
import { parseAddress, publicAddress } from './address.js';
import { readAdvertisement } from './advertisement.js';
import { HttpWire } from './http.js';
import { PipeWire } from './pipe.js';
import { openPipe } from './pipes.js';
import { sendCommands } from './receive-pack.js';
import type {
  Advertisement,
  Credentials,
  FetchRequest,
  IncomingPack,
  OutgoingPack,
  PushCommand,
  PushReport,
  Service,
  Transport,
} from './types.js';
import { requestPack } from './upload-pack.js';
import type { Wire } from './wire.js';

export interface TransportOptions {
  /** As in Git's configuration, with `insteadOf` applied; a path is absolute. */
  readonly url: string;
  readonly service: Service;
  readonly config: GitConfig;
  readonly env: Environment;
  /** The program at the other end (git: `remote.NAME.uploadpack`); only for paths and SSH. */
  readonly program?: string;
  /** Asks a person; absent: nobody is there. `undefined`: no answer. */
  readonly ask?: (url: string, username: string | undefined) => Promise<Credentials | undefined>;
  /** What the server says meanwhile. */
  readonly onMessage?: (text: string) => void;
}

/** Nothing is sent before `discover`. Throws E_USAGE for an address that cannot be meant. */
export function openTransport(options: TransportOptions): Transport {
  return new GitTransport(options);
}

class GitTransport implements Transport {
  readonly url: string;
  private readonly options: TransportOptions;
  private readonly wire: Wire;
  private advertised: Advertisement | undefined;

  constructor(options: TransportOptions) {
    this.options = options;
    this.url = publicAddress(options.url);
    this.wire = openWire(options, this.url);
  }

  async discover(): Promise<Advertisement> {
    this.advertised ??= await readAdvertisement(await this.wire.greeting(), this.url);
    return this.advertised;
  }

  async fetchPack(request: FetchRequest): Promise<IncomingPack> {
    const { onMessage = (): void => {} } = this.options;
    return requestPack(this.wire, { request, advertised: await this.discover(), onMessage });
  }

  async sendPack(commands: readonly PushCommand[], pack: OutgoingPack | undefined): Promise<PushReport> {
    return sendCommands(this.wire, { commands, pack, advertised: await this.discover() });
  }

  close(): Promise<void> {
    return this.wire.close();
  }
}

function openWire(options: TransportOptions, url: string): Wire {
  const address = parseAddress(options.url);
  if (address.kind === 'http') return new HttpWire(address.url, { ...options, publicUrl: url });
  return new PipeWire(url, openPipe(address, { ...options, url }));
}
