/** The settings of a service, some thirty lines. */
export function serviceText(
  file: number,
  { max, min }: { readonly max: number; readonly min: number },
): string {
  const features = Array.from(
    { length: 10 },
    (_, at) => `  feature-${at}:\n    enabled: ${(file + at) % 2 === 0}\n`,
  );
  return `# service ${file}\nname: service-${file}\nimage:\n  repository: registry/service-${file}\n  tag: 1.${file}.0\ndb:\n  host: db-${file % 7}.internal # primary\n  pool:\n    min: ${min}\n    max: ${max}\nfeatures:\n${features.join('')}`;
}
