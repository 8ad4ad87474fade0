/** The proxy between us and a server (git: http.proxy; curl: Proxy environment variables). */
import type { Environment } from '../config/load.js';
import { remoteError } from './failure.js';

/** Where to look for a proxy. */
export interface ProxySources {
  /** The address that is asked, without credentials, for messages. */
  readonly url: string;
  /** A setting of Git for this address: `proxy`. */
  readonly settings: (key: string) => string | undefined;
  readonly env: Environment;
}

/**
 * The proxy for an address; undefined where it is asked directly. `http.proxy` beats the environment, and an empty one turns that off; hosts
 * of `no_proxy` are always asked directly. Throws E_REMOTE for what is no HTTP proxy.
 */
export function proxyFor(target: URL, { url, settings, env }: ProxySources): URL | undefined {
  const exempt = env['NO_PROXY'] ?? env['no_proxy'] ?? '';
  const text = settings('proxy') ?? environmentProxy(target, env) ?? '';
  if (text === '' || isExempt(target, exempt)) return undefined;
  const address = /^[a-z0-9+.-]+:\/\//i.test(text) ? text : `http://${text}`;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  if (proxy === undefined || !/^https?:$/.test(proxy.protocol))
    throw remoteError(url, `cannot be reached: '${withoutLogin(address)}' is no HTTP proxy`, {
      hint: 'see http.proxy, https_proxy and all_proxy; SOCKS proxies are left to git',
    });
  return proxy;
}

/** Not HTTP_PROXY: in a server that is a header which anyone may send (curl does the same). */
function environmentProxy({ protocol }: URL, env: Environment): string | undefined {
  const own = protocol === 'https:' ? (env['https_proxy'] ?? env['HTTPS_PROXY']) : env['http_proxy'];
  return own ?? env['all_proxy'] ?? env['ALL_PROXY'];
}

/** A name in the list stands for itself and for everything below it; `*` for all. */
function isExempt({ hostname, host }: URL, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .map((name) => name.replace(/^\*?\./, ''))
    .filter((name) => name !== '')
    .some((name) => name === '*' || name === hostname || name === host || hostname.endsWith(`.${name}`));
}

/** The header that tells a proxy who asks; none where its address has no user. */
export function proxyLogin({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login, 'utf8').toString('base64')}` };
}

/** An address as it may be shown. */
export function withoutLogin(address: string): string {
  return address.replace(/\/\/[^/]*@/, '//');
}
