/** The one place that loads reflect-metadata, which tsyringe needs before itself. */
import 'reflect-metadata';

export type { DependencyContainer } from 'tsyringe';
export { container, inject, injectAll, injectable } from 'tsyringe';
