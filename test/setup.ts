import fc from 'fast-check';

// Every test runs as on a machine with no Git configuration and no CI: nothing of the caller's environment may decide a result.
for (const name of Object.keys(process.env)) {
  if (
    /^(GIT_|CFG_(?!CORPUS|FULL|SEED)|GITHUB_|NO_COLOR|FORCE_COLOR|CLICOLOR|EMAIL$|NODE_EXTRA_CA_CERTS$)/.test(
      name,
    )
  )
    delete process.env[name];
}
// No file can be made there: with /dev/null a `git config --global` of root would put a file in the place of the device.
process.env['GIT_CONFIG_GLOBAL'] = '/nonexistent/gitconfig';
process.env['GIT_CONFIG_SYSTEM'] = '/nonexistent/gitconfig';
process.env['GIT_CONFIG_NOSYSTEM'] = '1';
process.env['TZ'] = 'UTC';

// The same generated cases in every run, so that what lands was tested as it stands. CFG_FULL draws new ones; CFG_SEED repeats a run.
if (!process.env['CFG_FULL']) process.env['CFG_SEED'] ??= '1';
if (process.env['CFG_SEED']) fc.configureGlobal({ seed: Number(process.env['CFG_SEED']) });
