/**
 * Every topic at its largest, really built and written, against the links that it crosses, at the defaults of
 * all settings. Lists that are cut where they are made are tried there at their largest; here each has one
 * record, which is what a cut list has at least.
 */
import { describe, expect, it } from '@jest/globals';
import { HEADER_BYTES, SESSION_DEFAULTS } from '@lobby/net-frame';
import { Failure, encodeFailure, largestBytes, lobbyTopics, net, serviceNet } from '@lobby/protocol';
import type { Topic } from '@lobby/protocol';
import { largestValue } from '@lobby/protocol/testing';
import { settings } from '../src/index.ts';

const KIB = 1024;
/** The field of the header that does not count itself. */
const SIZE_BYTES = 4;
/** The largest `size` before a session is established, on either side; see pulse. */
const OPENING_BYTES = 4 * KIB;
/** What a page is cut at. */
const TO_CLIENTS = 64 * KIB;
const BETWEEN_SERVICES = 256 * KIB;

const limit = {
  anonymous: settings.maxAnonymousFrameBytes.default as number,
  fromClient: settings.maxFrameBytes.default as number,
  service: settings.serviceMaxFrameBytes.default as number,
  waiting: settings.maxUnsentBytes.default as number,
};

/** The `size` of the frame of a topic at its largest. */
function sizeOf({ typed, schema }: Topic): number {
  const frame = typed?.write(largestValue(schema, { maxBatchBytes: 0 }) as object, HEADER_BYTES);
  return (frame?.length ?? Infinity) - SIZE_BYTES;
}

function isCutWhereMade({ schema }: Topic): boolean {
  return JSON.stringify(schema).includes('"batch":true');
}

function rows(topics: readonly Topic[]): [string, Topic][] {
  return topics.map((topic) => [topic.name, topic]);
}

const fromClients = lobbyTopics.topics.filter(({ flow }) => flow === 'client_to_front');
const toClients = lobbyTopics.topics.filter(({ flow }) => flow === 'front_to_client');
const between = lobbyTopics.topics.filter(({ flow }) => flow === 'front_to_back' || flow === 'back_to_front');

describe('K1: a topic at its largest', () => {
  it.each(rows(fromClients))('fits a client port: %s', (_, topic) => {
    expect(largestBytes(topic.schema)).toBeLessThan(Infinity);
    expect(sizeOf(topic)).toBeLessThanOrEqual(limit.fromClient);
  });

  it.each(rows([...fromClients.filter(({ legalIn }) => legalIn.includes('open')), ...Object.values(net)]))(
    'fits a client port before a login: %s',
    (_, topic) => expect(sizeOf(topic)).toBeLessThanOrEqual(limit.anonymous),
  );

  it.each(rows([...Object.values(net), ...Object.values(serviceNet)]))(
    'fits a connection that is still opening: %s',
    (_, topic) => expect(sizeOf(topic)).toBeLessThanOrEqual(OPENING_BYTES),
  );

  it.each(rows(toClients.filter((topic) => !isCutWhereMade(topic))))(
    'may wait for a client that reads: %s',
    (_, topic) => {
      expect(sizeOf(topic)).toBe(HEADER_BYTES - SIZE_BYTES + largestBytes(topic.schema));
      // Two of them, for a client that asks again while it reads.
      expect(2 * sizeOf(topic)).toBeLessThanOrEqual(limit.waiting);
      expect(sizeOf(topic)).toBeLessThanOrEqual(SESSION_DEFAULTS.maxFrameBytes);
    },
  );

  it.each(rows(toClients.filter(isCutWhereMade)))(
    'has a record at least in a page for a client: %s',
    (_, topic) => {
      expect(sizeOf(topic)).toBeLessThanOrEqual(TO_CLIENTS);
    },
  );

  it.each(rows(between.filter((topic) => !isCutWhereMade(topic))))('fits a service port: %s', (_, topic) => {
    expect(sizeOf(topic)).toBe(HEADER_BYTES - SIZE_BYTES + largestBytes(topic.schema));
    expect(sizeOf(topic)).toBeLessThanOrEqual(limit.service);
  });

  it.each(rows(between.filter(isCutWhereMade)))(
    'has a record of each kind at least in a page: %s',
    (_, topic) => {
      expect(sizeOf(topic)).toBeLessThanOrEqual(BETWEEN_SERVICES);
      expect(BETWEEN_SERVICES).toBeLessThan(limit.service);
    },
  );

  it('is smaller than any limit as a failure', () => {
    const failure = new Failure('backend_unavailable', '😀'.repeat(10_000), {
      retryAfterMs: Number.MAX_SAFE_INTEGER,
      mayHaveRun: true,
    });
    expect(encodeFailure(1, 1, failure).length).toBeLessThan(8 * KIB);
  });

  it('is a whole room of the longest names, where somebody checks in', () => {
    const { users } = largestValue(lobbyTopics.byName('room.res_checkin')?.schema ?? {}) as {
      readonly users: readonly string[];
    };
    expect(users).toHaveLength(1_000);
    expect([...(users[0] ?? '')]).toHaveLength(24);
  });
});
