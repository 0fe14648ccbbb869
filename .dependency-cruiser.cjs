/** The layers: src/core never imports a plugin or a command; plugins import the contract and never one another. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-stands-alone',
      severity: 'error',
      from: { path: '^src/core' },
      to: {
        path: '^src/(plugins|destinations|commands|cli|testing|composition-root|index|procfs\\.ts|program\\.ts|qmp\\.ts)',
      },
    },
    {
      name: 'plugins-import-the-contract-only',
      severity: 'error',
      from: { path: '^src/plugins/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/(index|procfs|program|qmp)\\.ts$', '^src/plugins/$1/'] },
    },
    {
      name: 'destinations-import-the-contract-only',
      severity: 'error',
      from: { path: '^src/destinations/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/index\\.ts$', '^src/destinations/$1/'] },
    },
    {
      name: 'the-contract-is-light',
      severity: 'error',
      // but for what costs nothing there: a file of types, and what is loaded only when it is called for
      from: { path: '^src/(index|core/contract/)' },
      to: {
        pathNot: '^src/(index|core/contract/|core/reading/recorded-episode\\.ts)',
        dependencyTypesNot: ['dynamic-import'],
      },
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
    {
      name: 'a-page-stands-alone',
      severity: 'error',
      // it runs in a browser: of the program it shares shapes, and how a value is put in words
      from: { path: '^src/report-page/' },
      to: { pathNot: ['^src/report-page/', '^src/core/report/(page-data|format-value)\\.ts', 'node_modules/uplot/'] },
    },
    {
      name: 'nobody-imports-a-page',
      severity: 'error',
      from: { pathNot: '^src/report-page/' },
      to: { path: '^src/report-page/' },
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
