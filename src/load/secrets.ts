/** Which paths of a merged value are secret, besides those whose keys tell. */
import {
  entryPath,
  formatKeyPath,
  isMap,
  lookup,
  parseKeyPath,
  valueOf,
  type ConfigDocument,
  type ConfigValue,
  type KeyPath,
} from '../doc/index.js';
import {
  isNamedSecret,
  isSecretAt,
  maskValue,
  type IsSecret,
  type LayeredValue,
  type ValueCopy,
} from '../layer/index.js';
import { alikeIn } from './source/document.js';
import type { Config } from './types.js';

/** What masks the values of one document, without the layers around it. */
export function documentMask(document: ConfigDocument, isSecret: IsSecret): Pick<Config, 'mask'> {
  const value = valueOf(document);
  const pathsOf = alikeIn(document);
  const isHidden = secretsIn(value, isSecret, {
    copies: [],
    alike: (path) => [{ value, paths: pathsOf(path) }],
  });
  return {
    mask: (given = value, path = []) =>
      maskValue(given, typeof path === 'string' ? parseKeyPath(path) : path, isHidden),
  };
}

interface Shared {
  /** What references have taken from elsewhere in the value. */
  readonly copies: readonly ValueCopy[];
  /** What YAML aliases lead to. */
  readonly alike?: LayeredValue['alike'];
}

/**
 * What is secret by itself (`own`, or the value of `{name: DB_PASSWORD, value: …}`), and what a reference or an alias has taken from there: a
 * secret is one under any key.
 */
export function secretsIn(value: ConfigValue, own: IsSecret, { copies, alike }: Shared): IsSecret {
  const isAlike: IsSecret = (path) =>
    alike?.(path).some(({ paths, value: said }) =>
      paths.some((each) => isSecretAt(each, (step) => own(step) || isValueOfSecret(step, said))),
    ) === true;
  const isOwn: IsSecret = (path) => own(path) || isValueOfSecret(path, value) || isAlike(path);
  const taken = new Map<string, KeyPath[]>();
  for (const { at, of } of copies) {
    const name = formatKeyPath(at);
    taken.set(name, [...(taken.get(name) ?? []), of]);
  }
  const isCopied: IsSecret = (path) =>
    path.some((_, index) =>
      (taken.get(formatKeyPath(path.slice(0, index + 1))) ?? []).some((of) =>
        isSecretAt([...of, ...path.slice(index + 1)], isSecret),
      ),
    );
  const known = new Map<string, boolean>();
  const isSecret: IsSecret = (path) => {
    if (copies.length === 0 && alike === undefined) return isOwn(path);
    const name = formatKeyPath(path);
    const found = known.get(name) ?? (isOwn(path) || isCopied(path));
    known.set(name, found);
    return found;
  };
  return (path) => isSecret(entryPath(value, path));
}

/** `env[0].value` where the item is `{name: DB_PASSWORD, value: …}`. */
function isValueOfSecret(path: KeyPath, root: ConfigValue): boolean {
  const parent = path.at(-1) === 'value' ? lookup(root, path.slice(0, -1)) : undefined;
  return isMap(parent) && isNamedSecret(parent);
}
