// Colyseus on two processes over Redis: the same journeys, set out from one process or the other.

import type { JourneyContender } from '../../src/contender.ts';
import { serveMembersOnRedis } from '../colyseus-redis.ts';
import { contender as inOneProcess } from './colyseus.ts';

export const contender: JourneyContender = { ...inOneProcess, serve: serveMembersOnRedis };
