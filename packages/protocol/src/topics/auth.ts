/** Who somebody is: words between client and front, and between lobby-runner and lobby-master. */
import Type from 'typebox';
import { Batch } from '../schema-kinds.ts';
import {
  Code,
  Epoch,
  Explanation,
  GivenName,
  GivenPassword,
  Host,
  Moment,
  Name,
  Notice,
  Nothing,
  Password,
  RoomId,
  Seat,
  SessionKey,
  ToldName,
  Token,
  UserId,
} from '../schemas.ts';
import { call, message } from '../topic.ts';

const Registration = Type.Object({ name: GivenName, password: Password });
const Registered = Type.Object({ userId: UserId });
const Credentials = Type.Object({
  name: Type.Optional(GivenName),
  password: Type.Optional(GivenPassword),
  token: Type.Optional(Token),
});

/** A login that a front holds: `session` is the front's own number of the connection. */
const LoginRecord = Type.Object({ name: Name, userId: UserId, epoch: Epoch, session: SessionKey });

export const auth = Object.freeze({
  reqRegister: call(201, 'auth.req_register', {
    flow: 'client_to_front',
    payload: Registration,
    response: Registered,
  }),
  reqLogin: call(203, 'auth.req_login', {
    flow: 'client_to_front',
    payload: Credentials,
    response: Type.Object({ userId: UserId, name: ToldName, token: Token, seat: Type.Optional(Seat) }),
  }),
  reqLogout: call(205, 'auth.req_logout', {
    flow: 'client_to_front',
    legalIn: ['user'],
    payload: Nothing,
    response: Nothing,
  }),
  /** Ends all other logins of the user, and makes all tokens of before void. */
  reqEverywhere: call(213, 'auth.req_everywhere', {
    flow: 'client_to_front',
    legalIn: ['user'],
    payload: Nothing,
    response: Type.Object({ token: Token }),
  }),
  synKickout: message(207, 'auth.syn_kickout', { flow: 'front_to_client', payload: Notice }),

  reqRegisterF2b: call(221, 'auth.req_register_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ ...Registration.properties, address: Type.Optional(Host) }),
    response: Registered,
  }),
  reqLoginF2b: call(223, 'auth.req_login_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({
      ...Credentials.properties,
      session: SessionKey,
      address: Type.Optional(Host),
      /** Who is checked in on the connection: nobody else can log in on it. */
      member: Type.Optional(Name),
    }),
    response: Type.Object({
      userId: UserId,
      name: Name,
      token: Token,
      epoch: Epoch,
      /** When the user last proved who they are. */
      authTime: Type.Optional(Moment),
    }),
  }),
  /** The login of this epoch is over on its front; one of another epoch is left alone. */
  synLogoutF2b: message(225, 'auth.syn_logout_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ name: Name, epoch: Epoch }),
  }),
  /**
   * Puts a login out. Answered when the front serves the user no more; an epoch that the front does not hold
   * does nothing.
   */
  reqKickB2f: call(227, 'auth.req_kick_b2f', {
    flow: 'back_to_front',
    payload: Type.Object({
      name: Name,
      epoch: Epoch,
      session: SessionKey,
      code: Code,
      message: Explanation,
    }),
    response: Type.Object({ kicked: Type.Boolean() }),
  }),
  /** A user ends all other logins; `epoch` and `session` are those of the login that stays. */
  reqEverywhereF2b: call(233, 'auth.req_everywhere_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ name: Name, epoch: Epoch, session: SessionKey, authTime: Moment }),
    response: Type.Object({ token: Token, epoch: Epoch }),
  }),
  /** The login on this session has another number from now on; one of another number is left alone. */
  reqAdoptB2f: call(235, 'auth.req_adopt_b2f', {
    flow: 'back_to_front',
    payload: Type.Object({ name: Name, session: SessionKey, epoch: Epoch, newEpoch: Epoch }),
    response: Type.Object({ adopted: Type.Boolean() }),
  }),
  /** All that a front holds, in pages; `last` is set on the last one. */
  reqInventoryF2b: call(229, 'auth.req_inventory_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ users: Batch(LoginRecord, 1_000), last: Type.Boolean() }),
    response: Nothing,
  }),
  /**
   * The user is put out, whoever holds the user: what was derived from logins up to this epoch ends. The
   * front tells room-master until that knows it, also where it holds no such login. Saying it twice changes
   * nothing.
   */
  reqRevokeB2f: call(231, 'auth.req_revoke_b2f', {
    flow: 'back_to_front',
    payload: Type.Object({ name: Name, epoch: Epoch, code: Code, message: Explanation }),
    response: Type.Object({
      /** room-master knows it. */
      told: Type.Boolean(),
      /** The room in which the user had a seat. */
      roomId: Type.Optional(RoomId),
    }),
  }),
});
