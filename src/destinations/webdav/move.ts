import type { Http } from './http.js';

/** Moves a collection to where nothing is. The error that the answer is, or null if it was moved. */
export async function move(http: Http, from: string, to: string, signal: AbortSignal): Promise<Moved> {
  const absolute = await moveTo(http, from, http.urlOf(`${to}/`), signal);
  // a server behind a proxy may know itself by another name, and not the one that it is asked for; RFC 4918 allows a path
  return absolute.status === 400 || absolute.status === 502 ? moveTo(http, from, `${to}/`, signal) : absolute;
}

export interface Moved {
  readonly status: number;
  readonly refusal: Error;
}

function moveTo(http: Http, from: string, destination: string, signal: AbortSignal): Promise<Moved> {
  const headers = { destination, overwrite: 'F' };
  return http.ask({ method: 'MOVE', path: `${from}/`, signal, headers }, (answer) => ({
    status: answer.status,
    refusal: answer.refusal(),
  }));
}
