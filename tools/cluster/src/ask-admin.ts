/**
 * One question to an admin endpoint. No connection is kept: the process behind it may be another one the next
 * time.
 */

import { request } from 'node:http';
import type { Address } from '@lobby/net-frame';

export interface AdminAnswer {
  readonly status: number;
  /** What the JSON stands for; a text where it is not JSON. */
  readonly body: unknown;
}

export interface AdminQuestion {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON. */
  readonly body?: object;
}

const PATIENCE_MS = 5_000;

/** The answer, whatever its status. Rejects where there is none within 5 s. */
export function askAdmin({ host, port }: Address, question: AdminQuestion): Promise<AdminAnswer> {
  const { path, method = 'GET', body } = question;
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const asked = request({ host, port, path, method, headers, signal, agent: false }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('error', reject)
        .on('end', () => {
          const isJson = response.headers['content-type']?.startsWith('application/json') === true;
          resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
        });
    });
    asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}
