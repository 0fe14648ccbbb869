# Tries the collector as it was built: npx cis490 collector test {{name}}
plugins: [./dist/index.js]
collectors:
  {{name}}: {}
