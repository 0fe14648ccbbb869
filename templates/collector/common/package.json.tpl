{
  "name": "{{package}}",
  "version": "0.1.0",
  "description": "{{summary}}",
  "keywords": ["cis490", "cis490-plugin", "telemetry"],
  "license": "MIT",
  "type": "module",
  "exports": {
    ".": "./dist/index.js",
    "./package.json": "./package.json"
  },
  "files": [{{files}}],
  "scripts": {
    "build": "tsc",
    "prepack": "npm run build",
    "test": "npm run build && node --test --test-force-exit test/*.test.mjs"
  },
  "cis490": {
    "apiVersion": {{apiVersion}},
    "collectors": ["{{name}}"],
    "plugin": "./dist/index.js"
  },
  "peerDependencies": {
    "cis490": "{{cis490}}"
  },
  "devDependencies": {
    "@types/node": "{{typesNode}}",
    "cis490": "{{cis490}}",
    "typescript": "{{typescript}}"
  }
}
