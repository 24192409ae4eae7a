/**
 * One setting: its variable in the environment, what it may be, and what it is when nobody says.
 *
 * A setting is data. Its TypeBox schema is the only place where its range stands: the check, the sentence
 * "expected ..." and the table in docs/operations.md are all read from it. Which settings exist is said in
 * `settings.ts`.
 */
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { hostAndPort } from './loopback.ts';

/** Where another process listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A default that is another value: the app's own name, or what the setting of that variable is. */
export interface SameAs {
  readonly sameAs: 'app' | `LOBBY_${string}`;
}

/** A default that is on, and off where that variable is set. */
export interface OnUnlessSet {
  readonly offWhere: `LOBBY_${string}`;
}

/** `Value` is the type that the setting has in the loaded configuration. */
export interface Setting<Value> {
  readonly env: `LOBBY_${string}`;
  readonly schema: TSchema;
  readonly default: Value | SameAs | OnUnlessSet;
  readonly description: string;
  /** True where the value must never be shown. */
  readonly sensitive: boolean;
}

type Env = `LOBBY_${string}`;

const LONGEST_MS = 2 ** 31 - 1;
const LONGEST_AGE_MS = 2 ** 40;
const HOST_PATTERN =
  '^(\\[[0-9A-Fa-f:.]+\\]|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)$';
const host = Type.String({ title: 'a host name or an IP address', pattern: HOST_PATTERN, maxLength: 253 });

// What is special in a name or a password is percent-encoded: a bare `@`, `:` or `/` there would end it too
// early.
const URL_PART = "([A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})";
const URL_PORT = '(:([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]))?';
const URL_HOST = `(\\[[0-9A-Fa-f:.]+\\]|${URL_PART}+)`;
const POSTGRES_URL = `^postgres(ql)?://(${URL_PART}+(:${URL_PART}*)?@)?${URL_HOST}${URL_PORT}/${URL_PART}+(\\?[^\\s#]*)?$`;

/** What a bearer token can be. */
export const HEADER_TOKEN = Object.freeze({
  title: 'at least 16 letters, digits and signs of ASCII, without spaces',
  pattern: /^[!-~]{16,}$/,
});

/** A duration in whole milliseconds, from 1 or another least one to 2^31 - 1: what a timer takes. */
export function duration(env: Env, defaultMs: number, description: string, minimum = 1): Setting<number> {
  const schema = Type.Integer({ title: MILLISECONDS, minimum, maximum: LONGEST_MS });
  return setting(env, schema, defaultMs, description);
}

/** A length of time in whole milliseconds that no timer measures: from a second to some thirty years. */
export function age(env: Env, defaultMs: number, description: string): Setting<number> {
  const schema = Type.Integer({ title: MILLISECONDS, minimum: 1_000, maximum: LONGEST_AGE_MS });
  return setting(env, schema, defaultMs, description);
}

/** A whole number of something, from 1 to `maximum`. */
export function count(env: Env, value: number, maximum: number, description: string): Setting<number> {
  return setting(env, Type.Integer({ minimum: 1, maximum }), value, description);
}

/** A bound that can be raised and not lowered: what is legal needs it. */
export function bound(env: Env, minimum: number, maximum: number, description: string): Setting<number> {
  return setting(env, Type.Integer({ minimum, maximum }), minimum, description);
}

/** A port to listen on; 0 takes any free one. */
export function listenPort(env: Env, value: number, description: string): Setting<number> {
  return setting(env, Type.Integer({ minimum: 0, maximum: 65535 }), value, description);
}

/** A host name, an IPv4 or an IPv6 address. */
export function hostName(env: Env, value: string | SameAs, description: string): Setting<string> {
  return setting(env, host, value, description);
}

/** `host:port` of another process; an IPv6 address stands in brackets. */
export function address(env: Env, value: Address, description: string): Setting<Address> {
  const port = Type.Integer({ minimum: 1, maximum: 65535 });
  const schema = Type.Object({ host, port }, { title: 'host:port, such as 127.0.0.1:7100' });
  return setting(env, schema, Object.freeze(value), description);
}

/** A text that `pattern` allows; `title` says in words what that is. */
export function text(
  env: Env,
  value: string | SameAs,
  form: { title: string; pattern: string; description: string },
): Setting<string> {
  const schema = Type.String({ title: form.title, pattern: form.pattern });
  return setting(env, schema, value, form.description);
}

/** A secret of at least 16 characters, or none. Its value is never shown. */
export function optionalSecret(env: Env, description: string, minLength = 16): Setting<string | undefined> {
  const schema = Type.String({ title: `at least ${minLength} characters`, minLength });
  return { ...setting<string | undefined>(env, schema, undefined, description), sensitive: true };
}

/** A secret that a header of HTTP carries as it is: of what one can't carry, no request would ever match. */
export function optionalToken(env: Env, description: string): Setting<string | undefined> {
  const schema = Type.String({ title: HEADER_TOKEN.title, pattern: HEADER_TOKEN.pattern.source });
  return { ...setting<string | undefined>(env, schema, undefined, description), sensitive: true };
}

/** The URL of a PostgreSQL database, or none. It may hold a password, so it is never shown. */
export function optionalPostgresUrl(env: Env, description: string): Setting<string | undefined> {
  const schema = Type.String({ title: 'postgres://user:password@host:port/database', pattern: POSTGRES_URL });
  return { ...setting<string | undefined>(env, schema, undefined, description), sensitive: true };
}

/** The path of a PEM file, relative to the working directory, or none. */
export function optionalFile(env: Env, description: string): Setting<string | undefined> {
  const schema = Type.String({ title: 'the path of a PEM file', pattern: '^[^\\0]+$' });
  return setting<string | undefined>(env, schema, undefined, description);
}

/** Addresses and networks in CIDR form, parted by commas, or none. */
export function optionalNetworks(env: Env, description: string): Setting<string | undefined> {
  const title = 'addresses or networks with commas between, such as 10.0.0.0/8,192.0.2.1';
  const schema = Type.String({ title, pattern: '^[0-9A-Fa-f:./]+(,[0-9A-Fa-f:./]+)*$' });
  return setting<string | undefined>(env, schema, undefined, description);
}

/** One of a few words. */
export function oneOf<const Word extends string>(
  env: Env,
  words: readonly Word[],
  value: NoInfer<Word>,
  description: string,
): Setting<Word> {
  return setting(env, Type.Enum([...words]), value, description);
}

/** `on` or `off` in the environment, a boolean in the configuration. */
export function onOff(env: Env, value: boolean | OnUnlessSet, description: string): Setting<boolean> {
  return setting(env, Type.Boolean({ title: 'on or off' }), value, description);
}

function setting<Value>(
  env: Env,
  schema: TSchema,
  value: Setting<Value>['default'],
  description: string,
): Setting<Value> {
  return Object.freeze({ env, schema, default: value, description, sensitive: false });
}

/** The value that `written` stands for, or undefined where the setting does not allow it. */
export function readSetting(given: Setting<unknown>, written: string): unknown {
  const value = interpret(given.schema, written);
  return Value.Check(given.schema, value) ? value : undefined;
}

const MILLISECONDS = 'milliseconds';

/** What the setting may be, in words: for the fault's line and for the table in docs/operations.md. */
export function expectation({ schema }: Setting<unknown>): string {
  const { title, minimum, maximum, enum: words } = schema as SchemaWords;
  if (words !== undefined) return `one of ${words.join(', ')}`;
  if (minimum === undefined) return title ?? 'a text';
  return `a whole number ${title === undefined ? '' : `of ${title} `}from ${minimum} to ${maximum}`;
}

/** The default as a person would write it in the environment; undefined where there is none. */
export function writtenDefault({ default: value }: Setting<unknown>): string | undefined {
  if (value === undefined) return undefined;
  if (isOnUnlessSet(value)) return `on, and off where ${value.offWhere} is set`;
  if (isSameAs(value)) return value.sameAs === 'app' ? "the app's name" : `the value of ${value.sameAs}`;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  const { host: to, port } = value as Address;
  return hostAndPort(to, port);
}

/** True for a default that has to be looked up. */
export function isSameAs(value: unknown): value is SameAs {
  return typeof value === 'object' && value !== null && 'sameAs' in value;
}

/** True for a default that hangs on whether another setting is there. */
export function isOnUnlessSet(value: unknown): value is OnUnlessSet {
  return typeof value === 'object' && value !== null && 'offWhere' in value;
}

interface SchemaWords {
  readonly title?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
}

function interpret(schema: TSchema, written: string): unknown {
  switch ((schema as { type?: string }).type) {
    case 'integer':
      return /^-?\d{1,15}$/.test(written) ? Number(written) : undefined;
    case 'boolean':
      return written === 'on' ? true : written === 'off' ? false : undefined;
    case 'object': {
      const [, to, port] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(written) ?? [];
      return to === undefined
        ? undefined
        : Object.freeze({ host: to.replace(/[[\]]/g, ''), port: Number(port) });
    }
    default:
      return written;
  }
}
