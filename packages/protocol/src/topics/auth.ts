/** Who somebody is: words between client and front, and between lobby-runner and lobby-master. */
import Type from 'typebox';
import {
  Code,
  Count,
  Explanation,
  GivenPassword,
  Name,
  Notice,
  Nothing,
  Password,
  Seat,
  Token,
} from '../schemas.ts';
import { call, message } from '../topic.ts';

const Credentials = Type.Object({
  name: Type.Optional(Name),
  password: Type.Optional(GivenPassword),
  token: Type.Optional(Token),
});

/** A login that a front holds: `session` is the front's own number of the connection. */
const LoginRecord = Type.Object({
  name: Name,
  userId: Type.String({ maxLength: 128 }),
  epoch: Count,
  session: Count,
});

export const auth = Object.freeze({
  reqRegister: call(201, 'auth.req_register', {
    flow: 'client_to_front',
    payload: Type.Object({ name: Name, password: Password }),
    response: Type.Object({ userId: Type.String() }),
  }),
  reqLogin: call(203, 'auth.req_login', {
    flow: 'client_to_front',
    payload: Credentials,
    response: Type.Object({ userId: Type.String(), name: Name, token: Token, seat: Type.Optional(Seat) }),
  }),
  reqLogout: call(205, 'auth.req_logout', {
    flow: 'client_to_front',
    legalIn: ['user'],
    payload: Nothing,
    response: Nothing,
  }),
  synKickout: message(207, 'auth.syn_kickout', { flow: 'front_to_client', payload: Notice }),

  reqRegisterF2b: call(221, 'auth.req_register_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ name: Name, password: Password }),
    response: Type.Object({ userId: Type.String() }),
  }),
  reqLoginF2b: call(223, 'auth.req_login_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({
      ...Credentials.properties,
      session: Count,
      address: Type.Optional(Type.String({ maxLength: 64 })),
      /** Who is checked in on the connection: nobody else can log in on it. */
      member: Type.Optional(Name),
    }),
    response: Type.Object({ userId: Type.String(), name: Name, token: Token, epoch: Count }),
  }),
  /** The login of this epoch is over on its front; one of another epoch is left alone. */
  synLogoutF2b: message(225, 'auth.syn_logout_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ name: Name, epoch: Count }),
  }),
  /**
   * Puts a login out. Answered when the front serves the user no more; an epoch that the front does not hold
   * does nothing.
   */
  reqKickB2f: call(227, 'auth.req_kick_b2f', {
    flow: 'back_to_front',
    payload: Type.Object({ name: Name, epoch: Count, session: Count, code: Code, message: Explanation }),
    response: Type.Object({ kicked: Type.Boolean() }),
  }),
  /** All that a front holds, in pages; `last` is set on the last one. */
  reqInventoryF2b: call(229, 'auth.req_inventory_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ users: Type.Array(LoginRecord, { maxItems: 1_000 }), last: Type.Boolean() }),
    response: Nothing,
  }),
});
