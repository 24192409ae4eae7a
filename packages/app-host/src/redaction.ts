/**
 * What must never reach a log: the values of fields that are named like a secret, at any depth.
 *
 * It goes by the name of the field alone: of such a name only a boolean passes (a flag such as
 * `secret: true` says that there is one); everything else is replaced as a whole.
 */
import { stdSerializers } from 'pino';

const SECRET_NAME = /(password|token|ticket|secret|authorization|cookie|accountsUrl)$/i;
const CENSORED = '[redacted]';
const DEEPEST = 6;

/** A copy of `fields` in which no secret is left. What is nested deeper than a log line needs is cut off. */
export function redacted(fields: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    clean[name] =
      SECRET_NAME.test(name) && typeof value !== 'boolean' ? CENSORED : withoutSecrets(value, depth);
  }
  return clean;
}

function withoutSecrets(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= DEEPEST) return '[cut off]';
  if (value instanceof Error) return redacted({ ...stdSerializers.err(value) }, depth + 1);
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutSecrets(item, depth + 1));
  return redacted(value as Record<string, unknown>, depth + 1);
}
