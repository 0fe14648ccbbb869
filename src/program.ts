/** Runs a program as the source of a stream collector. */
export { type Program, type ProgramExit, type ProgramOptions, runProgram } from './core/program/run-program.js';
