/**
 * The contract of cis490, as tests for a collector plugin. It knows no test runner:
 *
 *     import { contractChecks } from 'cis490/testing';
 *     for (const check of contractChecks(plugin)) test(check.name, check.run);
 *
 * With CIS490_UPDATE=1 in the environment, expected rows, the README's table and the published row schema are written
 * instead of compared: look at the difference before you commit it.
 */
export { type ContractCheck, type ContractOptions, contractChecks } from './contract-checks.js';
export { fieldTable, withFieldTable } from './field-table.js';
