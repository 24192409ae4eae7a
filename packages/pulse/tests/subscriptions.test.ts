/** Who listens to which topic: few or many, and one who answers a call. */
import { describe, expect, it } from '@jest/globals';
import { auth } from '@lobby/protocol';
import fc from 'fast-check';
import { Subscriptions, allOf } from '../src/subscriptions.ts';
import type { Subscriber } from '../src/handler.ts';

const subscriber = (topic: Subscriber['topic']): Subscriber => ({
  topic,
  handler: () => undefined,
  pulse: { strand: undefined, stopped: false },
});

describe('Subscriptions', () => {
  it('finds those who listen to a topic, in the order in which they came', () => {
    const subscriptions = new Subscriptions();
    const [first, second] = [subscriber(auth.synKickout), subscriber(auth.synKickout)];
    subscriptions.add(first);
    subscriptions.add(second);
    expect(allOf(subscriptions.find(auth.synKickout.number))).toEqual([first, second]);
    expect(subscriptions.find(auth.synLogoutF2b.number)).toBeUndefined();
  });

  it('leaves nothing behind when the last one of a topic goes', () => {
    const subscriptions = new Subscriptions();
    const [first, second] = [subscriber(auth.synKickout), subscriber(auth.synKickout)];
    subscriptions.add(first);
    subscriptions.add(second);
    subscriptions.remove(first);
    expect(allOf(subscriptions.find(auth.synKickout.number))).toEqual([second]);
    subscriptions.remove(second);
    subscriptions.remove(second);
    expect(subscriptions.find(auth.synKickout.number)).toBeUndefined();
    expect(subscriptions.size).toBe(0);
  });

  it('refuses a second answerer of a call, and takes one again when the first has gone', () => {
    const subscriptions = new Subscriptions();
    const first = subscriber(auth.reqLogin);
    subscriptions.add(first);
    expect(() => subscriptions.add(subscriber(auth.reqLogin))).toThrow(/auth\.req_login is answered already/);
    subscriptions.remove(first);
    const second = subscriber(auth.reqLogin);
    subscriptions.add(second);
    expect(allOf(subscriptions.find(auth.reqLogin.number))).toEqual([second]);
  });

  it('does not change a list that is being gone through', () => {
    const subscriptions = new Subscriptions();
    const first = subscriber(auth.synKickout);
    subscriptions.add(first);
    const second = subscriber(auth.synKickout);
    subscriptions.add(second);
    const seen = allOf(subscriptions.find(auth.synKickout.number));
    subscriptions.add(subscriber(auth.synKickout));
    subscriptions.remove(first);
    expect(seen).toEqual([first, second]);
  });

  it('finds the same ones however many topics there are, whoever comes and goes', () => {
    const act = fc.record({ number: fc.nat(30), goes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const subscriptions = new Subscriptions();
        const model = new Map<number, Subscriber[]>();
        for (const { number, goes } of acts) {
          const listening = model.get(number) ?? [];
          const [oldest] = listening;
          if (goes && oldest !== undefined) {
            subscriptions.remove(oldest);
            model.set(number, listening.slice(1));
          } else {
            const one = subscriber({ ...auth.synKickout, number });
            subscriptions.add(one);
            model.set(number, [...listening, one]);
          }
          for (const [topic, expected] of model) {
            const found = subscriptions.find(topic);
            expect(found === undefined).toBe(expected.length === 0);
            allOf(found).forEach((one, at) => expect(one).toBe(expected[at]));
            expect(allOf(found)).toHaveLength(expected.length);
          }
          expect(subscriptions.size).toBe([...model.values()].filter((all) => all.length > 0).length);
        }
      }),
      { numRuns: 50 },
    );
  });
});
