declare module 'diff3' {
  type Block = { readonly ok: readonly string[] } | { readonly conflict: unknown };
  export default function diff3Merge(
    ours: readonly string[],
    base: readonly string[],
    theirs: readonly string[],
  ): readonly Block[];
}
