// What must never reach a log: the values of fields that are named like a secret, at any depth.
//
// It goes by the name of the field alone: of such a name only a boolean passes (a flag such as
// `secret: true` says that there is one); everything else is replaced as a whole.

import { stdSerializers } from 'pino';

const secretName = /(password|token|ticket|secret|authorization|cookie|accountsUrl)$/i;
const censored = '[redacted]';
const deepest = 6;

/** A copy of `fields` in which no secret is left. What is nested deeper than a log line needs is cut off. */
export function redacted(fields: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    clean[name] =
      secretName.test(name) && typeof value !== 'boolean' ? censored : withoutSecrets(value, depth);
  }
  return clean;
}

function withoutSecrets(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= deepest) return '[cut off]';
  if (value instanceof Error) return redacted({ ...stdSerializers.err(value) }, depth + 1);
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutSecrets(item, depth + 1));
  return redacted(value as Record<string, unknown>, depth + 1);
}
