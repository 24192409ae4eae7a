// Colyseus on two processes over Redis: the same, half of them come to one process, half to the other.

import type { ArrivalContender } from '../../src/contender.ts';
import { serveMembersOnRedis } from '../colyseus-redis.ts';
import { contender as inOneProcess } from './colyseus.ts';

export const contender: ArrivalContender = { ...inOneProcess, serve: serveMembersOnRedis };
