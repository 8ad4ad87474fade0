import type { Awaitable } from './types.js';

/**
 * Goes on with a value: at once where it is there already. Walks look at thousands of objects that a store on disk has at hand, and a turn
 * of the event loop for each would take as long as reading it.
 */
export function andThen<T, U>(value: Awaitable<T>, use: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(use) : use(value);
}
