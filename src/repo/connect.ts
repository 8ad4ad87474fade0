import { ConfigError } from '../errors.js';
import {
  openTransport,
  type Credentials,
  type GitConfig,
  type ObjectExchange,
  type Service,
  type TransferProgress,
  type Transport,
} from '../store/index.js';
import type { RepositoryContext } from './context.js';

/** What every verb that speaks with another repository takes. */
export interface TransferOptions {
  /** Asks a person for a login; absent: nobody is there. Undefined as its answer: none was given. */
  readonly ask?: (url: string, username: string | undefined) => Promise<Credentials | undefined>;
  readonly onProgress?: (progress: TransferProgress) => void;
}

export interface Connection extends TransferOptions {
  readonly url: string;
  readonly service: Service;
  readonly program?: string | undefined;
  readonly config: GitConfig;
  readonly env: RepositoryContext['env'];
}

/** Opens a conversation, and ends it whatever happens. Throws E_REMOTE, E_USAGE. */
export async function withTransport<T>(
  { program, ask, ...connection }: Connection,
  use: (transport: Transport) => Promise<T>,
): Promise<T> {
  const transport = await openTransport({
    ...connection,
    ...(program === undefined ? {} : { program }),
    ...(ask === undefined ? {} : { ask }),
  });
  try {
    return await use(transport);
  } finally {
    await transport.close();
  }
}

/** Throws E_USAGE for a repository that is kept in something else than files. */
export function exchangeOf({ store }: RepositoryContext): ObjectExchange {
  if (store.exchange !== undefined) return store.exchange;
  throw new ConfigError('E_USAGE', 'this repository is not kept in files: it cannot exchange with others');
}
