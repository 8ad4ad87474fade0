import type { GitConfig } from '../types.js';

/** Configuration as it was when the repository was opened, and after each change that is made through it. */
export class LiveConfig implements GitConfig {
  private readonly load: () => GitConfig;
  private current: GitConfig;

  constructor(load: () => GitConfig) {
    this.load = load;
    this.current = load();
  }

  get(name: string): string | undefined {
    return this.current.get(name);
  }

  getAll(name: string): readonly string[] {
    return this.current.getAll(name);
  }

  names(): readonly string[] {
    return this.current.names();
  }

  reload(): void {
    this.current = this.load();
  }
}
