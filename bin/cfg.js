#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const folder = join(__dirname, '../dist/bundle');
const entry = join(folder, 'launch.cjs');
if (existsSync(entry)) require(entry).launch(require, folder);
else {
  process.stderr.write('error: cfg is not built\nhint: run npm run build in its folder\n');
  process.exitCode = 4;
}
