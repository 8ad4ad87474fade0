import type { ConfigValue, KeyPath } from '../doc/index.js';

/**
 * How one key differs. `type-changed`: it is another kind of value (null, boolean, number, string, list or map). `moved`: an item
 * of a list, known by its identity or its value, stands at another place among the items that both sides have.
 */
export type ChangeKind = 'added' | 'removed' | 'changed' | 'type-changed' | 'moved';

/** One key that differs between two documents. */
export interface Change {
  /** Where it is afterwards; for `removed` where it was. */
  readonly path: KeyPath;
  readonly kind: ChangeKind;
  /** For `moved`: where it was. */
  readonly from?: KeyPath;
  /** Absent for `added`. */
  readonly before?: ConfigValue;
  /** Absent for `removed`. */
  readonly after?: ConfigValue;
}

/** A change as it is answered: its paths in text form. */
export interface KeyChange {
  /** A key path in text form. */
  readonly path: string;
  readonly kind: ChangeKind;
  /** For `moved`: where it was. */
  readonly from?: string;
  readonly before?: ConfigValue;
  readonly after?: ConfigValue;
}
