/** The one place that loads reflect-metadata, which tsyringe needs before itself. */
import 'reflect-metadata';

export { container, inject, injectAll, injectable } from 'tsyringe';
export type { DependencyContainer } from 'tsyringe';
