import type { ObjectExchange, Oid } from '../types.js';
import type { ExchangeParts, FileExchange } from './exchange.js';

/** The exchange of objects, loaded when it is first needed: most commands never do. */
export function deferredExchange(parts: ExchangeParts): ObjectExchange {
  const load = async (): Promise<FileExchange> => new (await import('./exchange.js')).FileExchange(parts);
  return {
    shallow: async () => (await load()).shallow(),
    missing: async (oids) => (await load()).missing(oids),
    haves: async function* (common): AsyncGenerator<Oid, void, undefined> {
      yield* (await load()).haves(common);
    },
    receive: async (incoming, request) => (await load()).receive(incoming, request),
    send: async (request, use) => (await load()).send(request, use),
  };
}
