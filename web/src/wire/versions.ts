/** Versions of the list over HTTP. */
import { json } from './http';
import type { Version, Versions } from './proto';

interface Asked {
  token: string;
  consultation: string;
}

/** What is told of each version, the oldest first. */
export const versionsOf = ({ token, consultation }: Asked): Promise<Versions> =>
  json(`/api/plenary/${consultation}/versions`, { bearer: token });

/** A version with its words. */
export const versionOf = ({ token, consultation }: Asked, number: number): Promise<Version> =>
  json(`/api/plenary/${consultation}/versions/${String(number)}`, { bearer: token });
