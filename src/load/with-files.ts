/** Something built of files that only turn out to be needed while it is built, such as a schema that refers to others. */
import { isConfigError } from '../errors.js';

/** How files become something. */
export interface Building<F, T> {
  readonly read: (path: string) => F | Promise<F>;
  /** Synchronous. A file that was not read yet is undefined, and is read before the next try; what it throws then does not count. */
  readonly build: (file: (path: string) => F | undefined) => T;
}

/** What is built once every file that it asks for was read; all of them are in `files` then, also when it throws what `build` throws. */
export async function withFiles<F, T>(files: Map<string, F>, { read, build }: Building<F, T>): Promise<T> {
  for (;;) {
    const wanted = new Set<string>();
    try {
      const built = build((path) => {
        if (!files.has(path)) wanted.add(path);
        return files.get(path);
      });
      if (wanted.size === 0) return built;
    } catch (error) {
      if (wanted.size === 0 || !isConfigError(error)) throw error;
    }
    for (const path of wanted) files.set(path, await read(path));
  }
}
