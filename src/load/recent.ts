/** The results of the last calls, by name: the same content under a name gives the same result without working it out again. */
export class Recent<Content, Result> {
  readonly #limit: number;
  readonly #known = new Map<string, { readonly content: Content; readonly result: Result }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What `make` gives for the content; of what was used longest ago the results are forgotten. What it throws is not kept. */
  get(name: string, content: Content, make: () => Result): Result {
    const known = this.#known.get(name);
    if (known?.content === content) return known.result;
    const result = make();
    this.#known.delete(name);
    this.#known.set(name, { content, result });
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#limit && oldest !== undefined) this.#known.delete(oldest);
    return result;
  }
}
