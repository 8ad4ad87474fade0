/** The folder of the package that this program is part of: two levels up, compiled (dist/cli) as well as packed (dist/bundle). */
export const packageRoot: URL = new URL('../../', import.meta.url);
