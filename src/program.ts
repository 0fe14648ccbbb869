/** Runs a program as the source of a stream collector, and reads what it prints. */
export { parseJson } from './core/json/exact-json.js';
export { ArrivalClock } from './core/program/arrival-clock.js';
export { JsonLines, type JsonLinesOptions } from './core/program/json-lines.js';
export { ProgramSource, type ProgramSourceOptions } from './core/program/program-source.js';
export { type Program, type ProgramExit, type ProgramOptions, runProgram } from './core/program/run-program.js';
export { intervalMs, intervalProblem } from './core/program/tool-interval.js';
export { resolveExecutable as findProgram } from './core/targets/executable.js';
