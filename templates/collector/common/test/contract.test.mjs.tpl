import { test } from 'node:test';
import { contractChecks } from 'cis490/testing';
import collector from '../dist/index.js';

// CIS490_UPDATE=1 npm test writes expected rows, the README's table and the row schema: look at the difference first
for (const check of contractChecks(collector)) test(check.name, check.run);
