/** What is measured: the modules themselves, not the built package. */
export * from '../../src/doc/index.js';
export { isConfigError } from '../../src/errors.js';
