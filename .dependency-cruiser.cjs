/** The layers: src/core never imports a plugin or a command; plugins import the contract and never one another. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-stands-alone',
      severity: 'error',
      from: { path: '^src/core' },
      to: { path: '^src/(plugins|commands|cli|testing|composition-root|index|procfs\\.ts|program\\.ts)' },
    },
    {
      name: 'plugins-import-the-contract-only',
      severity: 'error',
      from: { path: '^src/plugins/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/(index|procfs|program)\\.ts$', '^src/plugins/$1/'] },
    },
    {
      name: 'the-contract-is-light',
      severity: 'error',
      from: { path: '^src/(index|core/contract/)' },
      to: { pathNot: '^src/(index|core/contract/)' },
    },
    {
      name: 'commands-are-leaves',
      severity: 'error',
      from: { pathNot: '^src/cli/commands\\.ts$' },
      to: { path: '^src/commands' },
    },
    {
      name: 'tsyringe-by-one-door',
      severity: 'error',
      from: { pathNot: '^src/core/di/' },
      to: { path: 'node_modules/(tsyringe|reflect-metadata)' },
    },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: '\\.d\\.ts$' }, to: {} },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^src' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc', // TypeScript 7 has no JavaScript API
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
